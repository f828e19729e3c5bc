"""`python -m car_classifier`."""

import sys

if __name__ == "__main__":
    try:
        from car_classifier.cli import main
    except KeyboardInterrupt:  # from here on the command line answers Ctrl-C itself
        sys.stderr.write("Stopped.\n")
        sys.exit(130)
    main()
