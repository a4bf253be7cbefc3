from linli_run.main import main

raise SystemExit(main())
