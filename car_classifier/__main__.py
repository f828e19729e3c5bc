"""`python -m car_classifier`."""

from car_classifier.cli import main

if __name__ == "__main__":
    main()
