"""`python -m remind.service`: the service, as the login service starts it."""

from remind.service.process import main

if __name__ == "__main__":
    main()
