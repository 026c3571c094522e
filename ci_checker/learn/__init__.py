"""Training, calibration, evaluation and model cards. Nothing at run time imports this room."""
