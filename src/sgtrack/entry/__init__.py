"""What the officer types after an activity: amounts, dates and the activity they make."""
