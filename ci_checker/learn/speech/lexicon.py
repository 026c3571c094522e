"""The words and templates of the sentence grammar: data, no code."""

from __future__ import annotations

from typing import Final

_FIRST = """Dana Marcus Priya Kevin Laura Tom Angela Brian Jessica Mike Sarah David Emily Chris Rachel
Steve Nicole Eric Megan Jason Amanda Ryan Lisa Greg Monica Paul Karen Daniel Julie Mark Sandra Kyle
Heather Scott Maria James Linda Robert Susan John Patricia Michael Barbara William Elizabeth Richard
Jennifer Joseph Thomas Charles Nancy Matthew Betty Anthony Margaret Donald Ashley Steven Kimberly
Andrew Donna Kenneth Michelle Joshua Carol George Edward Melissa Ronald Deborah Timothy Stephanie
Rebecca Jeffrey Sharon Cynthia Jacob Kathleen Gary Amy Nicholas Shirley Jonathan Anna Stephen
Pamela Larry Emma Justin Helen Samantha Brandon Katherine Benjamin Christine Samuel Debra Frank
Carolyn Raymond Janet Patrick Catherine Alexander Maya Jack Diane Dennis Ruth Jerry Aaron Olivia
Jose Adam Nathan Hannah Henry Victoria Peter Martha Zachary Teresa Doug Sam Ben Matt Nick Alex Kate
Tony Beth Jeff Tina Ray Carla Luis Elena Omar Nadia Raj Anita Kim Leo Grace Ethan Noah Liam Sophie
Chloe Claire Lily Ella Jordan Taylor Morgan Casey Jamie Riley Avery Derek Trevor Wendy Holly April
Joy Ivan Hugo Felix Oscar Victor Simon Martin Walter Vincent Ralph Phil Neil Dean Ross Craig Todd
Troy Shane Brett Chad Wade Grant Cole Blake Drew Dale Glenn Wayne Keith Bruce Curtis Leon Marvin
Natalie Vanessa Sonia Bianca Gina Tara Erin Kristen Allison Jill Gail Robin Paula Denise Yolanda
Alicia Veronica Theresa Rosa Irene Marcia Audrey Stella Naomi Ingrid Fatima Aisha Mei Wei Hiro Kenji
Arjun Sanjay Deepa Anil Vikram Carlos Miguel Diego Sofia Isabel Pedro Pablo Rafael""".split()
_LAST = """Miller Okafor Patel Nguyen Garcia Johnson Carter Brooks Reed Sullivan Park Chen Torres
Fletcher Bennett Hayes Wallace Morgan Pierce Lawson Smith Williams Brown Jones Davis Martinez Lopez
Wilson Anderson Taylor Moore Jackson Lee Perez Thompson White Harris Sanchez Clark Ramirez Lewis
Robinson Walker Young Allen King Wright Scott Hill Flores Green Adams Nelson Baker Hall Rivera
Campbell Mitchell Roberts Gomez Phillips Evans Turner Diaz Parker Cruz Edwards Collins Reyes Stewart
Morris Murphy Cook Rogers Cooper Peterson Bailey Kelly Howard Ramos Kim Cox Ward Richardson Watson
Wood James Gray Mendoza Hughes Price Myers Long Foster Sanders Ross Morales Powell Russell Ortiz
Jenkins Perry Butler Barnes Fisher Henderson Coleman Simmons Patterson Jordan Reynolds Hamilton
Graham Wells Hunt Palmer Stone Singh Kumar Shah Khan Rossi Weber Schmidt Novak Olsen Larsen Cohen
Kaplan Katz Levy Stein Walsh Burke Quinn Doyle Dunn Grant Marsh Frost Lane Blake""".split()
_COMPANY = """Acme|Northwind|Brightline|Summit Health|Blue River|Apex Logistics|Granite Systems|
Maple Street Bank|Horizon Foods|Redwood Software|Pioneer Freight|Clearwater|Beacon Analytics|
Silver Oak|Lighthouse|Cobalt|Vertex|Evergreen Dental|Harbor Insurance|Keystone|Meridian|Sterling|
Trident|Falcon|Cascade|Atlas|Orion|Nova|Zenith|Pinnacle|Crestview|Ironwood|Westfield|Fairmont|
Lakeside Medical|Stonebridge|Eastgate|Oakmont|Riverside|Sunrise Energy|Golden Gate Supply|
Metro Transit|Prairie Farms|Copper Creek|Bluebird|Tidewater|Whitestone|Greenfield|Delta Partners|
Alpine|Sierra|Liberty Mutual|Patriot Trucking|Union Steel|Global Freight|First National|
Cornerstone|Landmark|Triangle|Compass|Anchor|Spectrum|Velocity|Momentum|Catalyst|Fusion|Quantum|
Dynamo|Element|Origin|Signal|Relay|Circuit|Matrix|Vector|Lumen|Aurora|Polaris|Mercury|Saturn|
Titan|Phoenix|Griffin|Raven|Hawk|Bison|Wolf Creek|Fox Hollow|Bear Valley|Eagle Point|Northstar|
Southport|Westbrook|Eastman|Midland|Highland|Lowell|Ridgeline|Hillcrest|Valley Forge|Bayview|
Oceanside|Seaside|Coastal|Island|Peninsula|Frontier|Heritage|Legacy|Century|Millennium"""
_TOOL = """Salesforce|HubSpot|Slack|Excel|Outlook|Zoom|Google|LinkedIn|Gong|Outreach|Jira|Oracle|
Teams|Stripe|Workday|Shopify|Amazon|Microsoft|QuickBooks|Zapier|Asana|Notion|Dropbox|Adobe|Zendesk"""
_DOING = """onboarding new reps|building reports|chasing invoices|cleaning up data|closing the books|
booking shipments|answering support tickets|reviewing contracts|scheduling crews|hiring engineers|
training managers|tracking inventory|forecasting revenue|handling returns|renewing licenses|
routing leads|managing vendors|writing proposals|approving expenses|updating the website|
migrating servers|paying suppliers|planning routes|running payroll|checking references|
sending follow-ups|taking notes|logging calls|reviewing calls|copying numbers into spreadsheets|
reconciling accounts|processing claims|patching laptops|resetting passwords|making cold calls|
moving files around|signing paperwork|ordering parts|measuring quality|counting stock"""
_THING = """pipeline|forecast|budget|contract|renewal|quote|proposal|demo|trial|pilot|rollout|
integration|dashboard|report|spreadsheet|process|system|platform|tool|software|solution|product|
service|support|training|onboarding|implementation|security review|legal review|pricing|discount|
invoice|payment|billing|quota|territory|account|team|manager|director|board|timeline|deadline|
meeting|call|email|calendar|inbox|voicemail|number|deal|quarter|year|month|week|project|plan|goal|
target|metric|problem|issue|challenge|bottleneck|backlog|workflow|handoff|ticket|request|order|
shipment|warehouse|factory|store|office|branch|customer|client|vendor|supplier|partner|competitor|
market|industry|website|campaign|lead|list|database|server|network|laptop|phone|app|feature|
update|upgrade|version|license|seat|user|admin|password|data|file|folder|document|agreement|
signature|purchase order|approval|committee|headcount|hiring|turnover|churn|growth|revenue|margin|
cost|savings|return|risk|downtime|outage|delay|error|mistake|change|decision|priority|initiative"""
_PROBLEM = """takes forever|breaks all the time|is a mess|is mostly manual|never matches|
falls through the cracks|costs us a fortune|slows everybody down|keeps getting delayed|
lives in a spreadsheet|is out of date|doesn't talk to anything else|drives people crazy|
gets lost in email|is always late|depends on one person|isn't working|is a nightmare|
could be better|is fine for now|works pretty well|is on hold|is under review|hasn't changed in years"""
_ROLE = """VP of sales|head of operations|director of marketing|CFO|CEO|COO|CTO|office manager|
IT manager|sales manager|controller|account executive|procurement lead|general manager|owner|
HR director|plant manager|head of finance|customer success lead|regional manager|chief of staff|
team lead|executive assistant|receptionist|buyer|analyst|engineer|recruiter|consultant|founder"""
_ADJ = """big|small|quick|simple|hard|easy|good|great|bad|strange|new|old|cheap|expensive|slow|fast|
painful|useful|important|urgent|common|rare|different|similar|clear|fair|honest|real|serious|busy|
crazy|interesting|tough|smart|safe|risky|flexible|reliable|accurate|manual|complicated|critical"""
_FILLER = """So|Well|Um|Uh|Yeah|Okay|Right|Look|Honestly|Actually|I mean|You know|Sure|Oh|Hmm|And|But|
Got it|Makes sense|Fair enough|Basically|Anyway|Alright|No|Yes|Listen|To be honest|Good question|
Absolutely|Exactly|Interesting|Wow|Huh|Perfect|Great|Sorry"""
_PLACE = """Chicago|Boston|Denver|Austin|Seattle|Atlanta|Phoenix|Dallas|Houston|Miami|Portland|
New York|Los Angeles|San Francisco|Nashville|Charlotte|Detroit|Minneapolis|Philadelphia|Orlando|
Tampa|Toronto|London|Columbus|Cleveland|Pittsburgh|Kansas City|Salt Lake City|San Diego|Las Vegas"""
_VERB = """send|check|review|build|change|fix|move|sign|buy|replace|test|track|measure|share|use|
explain|handle|manage|run|start|stop|finish|cancel|delay|approve|update|open|close|cut|grow|save|
improve|automate|compare|discuss|schedule|support|train|hire|plan|prepare|present|ship|order|
find|keep|lose|win|bring|call|write|read|learn|teach|show|watch|follow|lead|drop|add|remove"""


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.replace("\n", " ").split("|")]


_BEFORE: Final = """Bright Silver Green White Red Black Blue Golden Granite Maple Cedar Pine Oak Elm Birch Willow
North South East West Upper Lower Lake River Iron Copper Stone Cold Clear High Long Old New Grand Little Big
Spring Summer Winter Sunny Quiet Royal Eagle Fox Bear Wolf Deer Hawk Robin Rose Lily Amber Crystal Liberty
Union Central Capital Twin Three Five Sandy Rocky Misty Windy Stormy Orchard Meadow Prairie Canyon Desert
Pacific Atlantic Main Church Market Mill Garden Castle Tower Lantern Anchor Compass Keystone Corner""".split()
_AFTER: Final = """Creek River Valley Oak Field Side Bridge Harbor Hill Stone Lake Street Point Ridge Park Grove
Wood Brook Bay Cove Falls Springs Rock Mountain Forest Meadow Farm Gate House Hall Mill Ford Port Shore Beach
Island Road Lane Avenue Square Plains Canyon Branch Haven Crossing Landing Heights View Path Line Star""".split()
_TRADE: Final = """Plumbing|Roofing|Heating|Electric|Windows|Cooling|Garage Doors|Landscaping|Pest Control|
Painting|Flooring|Fencing|Masonry|Drywall|Insulation|Gutters|Pool Service|Tree Service|Carpet Cleaning|Movers|
Locksmiths|Appliance Repair|Glass|Septic|Chimney|Irrigation|Paving|Concrete|Solar|Elevator|Fire Protection|Signs|
Linen|Catering|Security|Towing|Auto Body|Brakes|Tires|Dental|Clinic|Pharmacy|Bakery|Brewing|Foods|Farms|Printing|
Packaging|Plastics|Metals|Machine Shop|Tool|Supply|Lumber|Hardware|Furniture|Kitchens|Cabinets|Tile|Lighting|
Logistics|Freight|Trucking|Storage|Staffing|Insurance|Mortgage|Realty|Law|Accounting|Travel|Hotels|Fitness"""
WORDS: Final = """accept account again agenda agree alone already alright answer apartment appointment arrive ask
attic autumn backlog basement bathroom beside besides bill board boiler book booked books break bridge broken
budget building busy call called calls cannot carpenter cash ceiling change changed changes charge cheap check
chimney clean clerk clients closed coast coffee cold compare complaint contract cooling copy counter crew crews
customer customers cut damage date deal degrees delay desk dispatch dispatcher dispatchers door doors drain drains
drive driver drivers driveway dry duct dust each early easier electric electrician emergency empty engine estimate
estimates evening expect extra factory family fan faster faucet fence field fields filter fine fire firm firms fix
fixed flat fleet flood floor foreman forget forgot form forms found free freeze front fuel furnace garage garden gas
gate glass goodbye grass guard gutter gutters half hail hall hang hard hardware harvest heat heater heating helper hired
hold holes holiday home hope hose hours house hundred hurry ice idle insurance interest iron install installed
installer invoice itself job jobs joint judge keep kitchen ladder lake lawn leak leaks learn learns lease lights line
list load loan lock lose lost lunch machine mail maintenance map maps material mechanic message messages mile miles
missed mold month morning mortgage motor mower nearest neighbor neighborhood nephew new night nobody noise note notes
notice offer office often older once order orders overtime owner paint painter paper parts pay payroll peak permit
phone phones picture pipe pipes plan planner planning plans plumber plumbers plumbing polite pool porch posting power
prefer press pressure price prices promise pump quality quarter quote quotes radio rain rang receipt referral refund
rented repair repairs replace replaced ring rings road roof roofer roofers roofing roofs room route routes rush safety
salt same sand saw schedule scheduling screen season seat service sheet sheets shift shifts shop shops short shut sick
siding sign signed sink sit skip sleep slow smoke snow soap sold son sorry sound sounds spare spend spent spread
spreadsheet spring staff start state stay steel stop storage store storm storms street strong summer switch system
systems tank tax team technician technicians telephone tenant text texts than themselves these though through ticket
tile till together told tool tools tow towel town trade train trained trap tree trees trial truck trucks trust twice
type unit units use used useful vacation valve van vans vendor visit visits wages wait waiting wall walls warranty
wash waste watch water weather website week weekend weeks when while white whiteboard whole wife window windows wire
wiring without wood word words work worked workers write wrote yard yourself""".split()
"""Words of trades and of the telephone, spoken more often than their frequency in English asks for."""


SLOTS: Final[dict[str, list[str]]] = {
    "first": _FIRST,
    "last": _LAST,
    "person": ["{first}", "{first}", "{first} {last}", "Mr. {last}", "Ms. {last}"],
    "company": _list(_COMPANY) + ["{before} {after}", "{before} {after} {trade}", "{before} {trade}"] * 60,
    "before": _BEFORE,
    "after": _AFTER,
    "trade": _list(_TRADE),
    "tool": _list(_TOOL),
    "doing": _list(_DOING),
    "thing": _list(_THING),
    "things": ["{thing} and the {thing}", "{thing}", "{adj} {thing}"],
    "problem": _list(_PROBLEM),
    "role": _list(_ROLE),
    "adj": _list(_ADJ),
    "filler": _list(_FILLER),
    "city": _list(_PLACE),
    "verb": _list(_VERB),
    "day": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
    "month": ("January February March April May June July August September October November December").split(),
    "hour": "one two three four five eight nine ten eleven twelve noon".split(),
    "time": [
        "{hour}",
        "{hour} thirty",
        "{hour} fifteen",
        "half past {hour}",
        "quarter past {hour}",
        "quarter to {hour}",
        "{hour} o'clock",
        "{hour} forty-five",
        "{hour} in the morning",
        "{hour} in the afternoon",
        "{hour} Eastern",
        "{hour} Pacific",
        "{hour} Central",
        "ten past {hour}",
        "{hour} P M",
        "{hour} A M",
    ],
    "when": [
        "on {day}",
        "next {day}",
        "this {day}",
        "tomorrow",
        "tomorrow morning",
        "later today",
        "next week",
        "early next week",
        "{day} at {time}",
        "{day} the {ordinal}",
        "the {ordinal} of {month}",
        "{month} {ordinal}",
        "in {small} weeks",
        "in a few minutes",
        "by the end of the month",
        "by the end of {month}",
        "this quarter",
        "next quarter",
        "after the holidays",
        "before {month}",
        "in {month}",
        "by {day}",
        "this afternoon",
        "at {time}",
        "today at {time}",
        "in the first quarter",
        "last {day}",
        "last month",
        "{small} months ago",
        "a year ago",
        "over the summer",
        "right after lunch",
        "{day} morning",
        "{day} afternoon",
        "sometime next year",
    ],
    "span": [
        "{n} minutes",
        "{small} hours",
        "{small} days",
        "{small} weeks",
        "{small} months",
        "{small} years",
        "a couple of weeks",
        "an hour",
        "half an hour",
        "a year and a half",
        "two or three days",
        "thirty seconds",
        "a minute",
        "ten to fifteen minutes",
    ],
    "money": [
        "{big} dollars",
        "{n} thousand dollars",
        "{n} dollars a seat",
        "about {n} thousand",
        "{odd} dollars",
        "a million dollars",
        "half a million",
        "{n} hundred a month",
        "{small} point {small} million dollars",
        "{n} bucks a user",
        "{n} cents",
        "{n} dollars per user per month",
        "{n} to {n} thousand dollars a year",
        "{n} grand",
    ],
    "percent": [
        "{n} percent",
        "about {n} percent",
        "half",
        "a third",
        "{n} to {n} percent",
        "a quarter",
        "two thirds",
        "almost all",
    ],
    "count": ["{n}", "{small}", "{big}", "a couple", "dozens", "hundreds", "about {n}", "over {n}"],
    "people": [
        "reps",
        "people",
        "managers",
        "drivers",
        "nurses",
        "engineers",
        "users",
        "customers",
        "agents",
        "locations",
        "offices",
        "employees",
        "analysts",
        "stores",
        "technicians",
    ],
    "news": [
        "raised a {small} million dollar round",
        "opened a new office in {city}",
        "hired a new {role}",
        "announced a merger with {company}",
        "are hiring {count} {people}",
        "moved to {tool}",
        "launched a new {thing}",
        "acquired {company}",
        "posted {count} open roles",
        "were in the news",
        "won an award in {city}",
        "are expanding into {city}",
        "closed your series B",
        "let go of your {role}",
    ],
    "clause": [
        "the {thing} {problem}",
        "our {thing} {problem}",
        "we {verb} the {things}",
        "my {role} wants to {verb} the {thing}",
        "{first} handles the {thing}",
        "we spend {span} a week {doing}",
        "{doing} {problem}",
        "they {verb} it every {day}",
        "we have {count} {people} in {city}",
        "it costs us {money}",
        "you {verb} the {things}",
        "I need to {verb} the {thing}",
        "nobody likes {doing}",
        "we switched to {tool} {when}",
        "the {role} signed off on it {when}",
        "we lost {percent} of our {people}",
        "it's a {adj} {thing}",
        "there's no budget for it",
        "I'm not the right person",
        "we're happy with {tool}",
        "{company} does that for us",
        "we tried that with {tool}",
    ],
    "ask": [
        "how do you {verb} the {thing}",
        "who owns the {thing}",
        "what happens when the {thing} {problem}",
        "how long does {doing} take",
        "how are you {doing} today",
        "what does that cost you",
        "when does the {thing} start",
        "where does the {thing} live",
        "why did you {verb} it",
        "which {thing} matters most",
        "who else would need to {verb} this",
        "what would it mean for you to {verb} the {thing}",
        "how many {people} do you have",
        "what's the impact on your {thing}",
        "how would you {verb} it",
        "what have you tried so far",
        "what's driving that",
        "how did you end up with {tool}",
        "what does your {role} think",
        "what would have to change",
    ],
}
"""Fillings by slot; a filling may hold slots itself."""

TEMPLATES: Final[tuple[str, ...]] = tuple(
    """Hi {person}, this is {first} from {company}.
Hi {first}, it's {first} {last} with {company}, did I catch you at a bad time?
Hello, this is {first}.
Hey {first}, {first} here from {company}, how have you been?
Good morning, {company}, how can I help you?
Thanks for calling {company}, this is {first} speaking.
{company}, {first} speaking, how can I direct your call?
Hi, could I speak with {person}, please?
I'm trying to reach {person}, is {first} around?
Can I ask what this is regarding?
May I ask who's calling?
{first} isn't available right now, can I take a message?
She's in a meeting until {time}.
He's out of the office until {day}.
You can send an email to our {role}.
I'll put you through to {first}, one moment.
I'm calling because I saw that you {news}.
I noticed you {news} {when}, congratulations.
I read that {company} {news}.
Congrats on the new {role}, by the way.
The reason for my call is that you {news}.
I know I'm calling out of the blue.
I'll be brief, do you have {span}?
Can I take {span} to tell you why I called, and then you can decide if we keep talking?
Is now a bad time?
We help companies like {company} {verb} the {thing} without {doing}.
We work with {count} {people} at {company} and {company}.
Most {role}s I talk to tell me that {clause}.
I'm curious, {ask}?
Tell me more about the {thing}.
Can you walk me through how you {verb} the {things}?
Walk me through a typical {day}.
{ask}?
{ask}?
{ask}?
{ask}?
And {ask}?
Help me understand, {ask}?
When you say {adj}, what do you mean?
If I heard you right, {clause}, and {clause}.
So what I'm hearing is that {clause}, is that right?
It sounds like {clause}.
It seems like the {thing} is {adj} for you.
Let me make sure I got this, {clause}.
So {clause}, did I get that right?
Honestly, {clause}.
To be honest, {clause}, and {clause}.
Well, {clause}, but {clause}.
{clause}.
{clause}.
{clause}, because {clause}.
I think {clause}.
I guess {clause}.
We already use {tool} for that.
We're under contract with {company} until {month}.
We don't have the budget this quarter.
That's too expensive for us, we pay {money} today.
It's not a priority right now.
Just send me some information.
Send me an email and I'll take a look {when}.
I'm not interested, thanks.
We're all set, thank you.
Take me off your list, please.
I'd have to talk to my {role} first.
Call me back {when}.
How much does it cost?
What's the price for {count} {people}?
It starts at {money}.
For {count} {people} you're looking at {money}.
It would be {money} for {span}.
We saw {percent} less time spent {doing}.
{company} cut {doing} by {percent} in {span}.
Their {role} told us it saved {money}.
I hear you, {clause}.
That makes sense, a lot of {people} feel that way.
I appreciate you being honest with me.
What if you could {verb} the {thing} in {span}?
Would it be crazy to {verb} the {thing} together?
Would you be opposed to a {adj} {thing} {when}?
Does {day} at {time} work for you?
How about {day} the {ordinal} at {time}?
How does {when} look on your calendar?
Are you free {when}?
I have {day} at {time} or {day} at {time}.
{day} works, but not before {time}.
Let's do {day} at {time}.
Let's put {span} on the calendar {when}.
I'll send you an invite for {day} at {time}.
I'll send the {thing} over {when}, and you can share it with {first}.
The next step would be a {thing} with your {role}.
What should our next step be?
Who else should be on that call?
I'll loop in {first} from our {thing} team.
Can you bring your {role} to the {thing}?
Before we hang up, can we agree on a {thing}?
If we don't {verb} it {when}, what happens?
Thanks for your time, {first}.
Thank you so much, {first}, talk to you {when}.
Talk soon, bye.
Have a good weekend.
Have a great rest of your day.
You too, take care.
Bye now.
How was your weekend?
How's the weather in {city}?
It's been raining in {city} all week.
Did you watch the game on {day}?
I grew up in {city}, actually.
My kids are home from school today.
I'm doing well, thanks, how are you?
Pretty good, busy, you know how it is.
Can't complain.
Sorry, you cut out for a second, can you say that again?
Can you hear me okay?
I can hear you now.
One second, let me pull that up.
Mm-hmm.
Mm-hmm, go on.
Uh-huh.
Yeah.
Yeah, exactly.
Yep.
No.
No, not really.
Nope.
Right.
Okay.
Okay, great.
Sure.
Sure, go ahead.
Got it.
I see.
Makes sense.
That's right.
Not yet.
Maybe.
Probably.
It depends.
Absolutely.
Sounds good.
Sounds great, {first}.
Fair enough.
Interesting.
Really?
Oh, wow.
I don't know.
I'm not sure, to be honest.
Let me think about it.
Good question.
That's a good point.
What do you mean?
Who is this?
Where did you get my number?
We, uh, we {verb} the {thing} in {tool}.
I was, I was going to say, {clause}.
Um, so, {clause}.
It's, you know, it's a {adj} {thing}.
Wait, {clause}?
Let me, let me check with {first}.
My number is {digits}.
You can reach me at {digits}.
We have {count} {people} and {count} {people}.
There are {count} of us on the {thing} team.
About {percent} of our {people} use {tool}.
Last year we spent {money} on {doing}.
We're growing {percent} a year.
It went from {n} to {n} in {span}.
On a scale of one to ten, how {adj} is it?
I'd say a {small}.
My agenda for today is to {verb} the {thing}, look at the {thing}, and agree on next steps.
At the end of the call we can decide whether a {thing} makes sense.
Before we start, what would make this call a good use of your time?
The last time we spoke, you said {clause}.
You mentioned that {clause}, {ask}?
You said {adj}, {ask}?
As I mentioned in my email, {clause}.
Let me show you the {thing}.
Here you can see every {thing} and every {thing}.
If you click on the {thing}, it opens the {thing}.
It connects to {tool} and {tool}.
It takes {span} to set up.
Does that answer your question?
What questions do you have for me?
Is there anything else I should know about the {thing}?
What would stop you from moving ahead?
Do you see any reason not to {verb} it {when}?
Please leave a message after the tone.
You've reached the voicemail of {first} {last}.
Hi {first}, {first} from {company}, I'm calling about the {thing}, call me back at {digits}.
If you want to {verb} the {thing}, then {clause}.
We would {verb} the {thing} if the {thing} weren't so {adj}.
I want to {verb} it, but {clause}.
You should {verb} the {thing} {when}.
They {verb} the {thing}, the {thing}, and the {thing}.
The {adj} {thing} and the {adj} {thing} {problem}.
It's {adj}, it's {adj}, and it {problem}.""".split("\n")
)
"""Sentence patterns; the first letter is capitalized when they are spoken."""
