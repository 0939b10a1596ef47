"""What a person needs to know before the first session."""

SAFETY = """\
Before your first session

Stop if you feel sharp pain, numbness or dizziness. Don't bounce, and keep breathing.
Stand in good light at a clear wall. If you are unsteady, dizzy or sleepy, sit down and use `trial-seated` or `towel`.

Ask a doctor first if you have had a recent foot, leg or back operation, a broken bone, a torn calf muscle or
Achilles tendon, or ever a blood clot.

One leg that is swollen, warm, discoloured or steadily painful can be a sign of a blood clot. Don't stretch or rub
it, and get medical advice today. If you are also breathless or have chest pain, call the emergency services.

See a doctor if cramps keep disturbing your sleep, if a leg is numb, weak, thinner or swollen, if a calf hurts when
you walk and stops when you rest, after starting a new medicine, in pregnancy, or if you drink a lot of alcohol.

Stretching may help with night cramps; studies disagree. This program reminds and records. It does not diagnose or
treat.
"""
