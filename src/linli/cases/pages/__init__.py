"""Pages of cases: residents' on the phone, workers' at the desk (案件页面)."""
