from middleground.cli.app import main

main()
