"""What a person is to know before the first session."""

SAFETY = """\
Before your first session

Stop at sharp pain, numbness or dizziness. Do not bounce, and keep breathing.
Stand in good light at a clear wall. Unsteady, dizzy or sleepy: sit down and take `trial-seated` or `towel`.

Ask a doctor first if you had a foot, leg or back operation lately, a broken bone, a torn calf muscle or
Achilles tendon, or ever a blood clot.

One leg swollen, warm, discoloured or steadily painful can be a blood clot: do not stretch or rub it, and get
medical advice today. With breathlessness or chest pain call the emergency services.

See a doctor if your sleep keeps suffering, if a leg is numb, weak, thinner or swollen, if a calf hurts when
you walk and eases when you rest, after a new medicine, in pregnancy, or if you drink a lot of alcohol.

Stretching may help against night cramps; the studies disagree. This program reminds and records. It does not
diagnose or treat.
"""
