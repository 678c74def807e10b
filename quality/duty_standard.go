package quality

// Duties returns what the five handbooks ask for every so often and at intervals that they print, in the order of their clauses. The list is the caller's:
// reminders, grace, roles and the calendar are the host's to set, for no clause prints them.
//
// Where a clause says at what distance ("once every 7 days") periods are counted from the last time; where it names a period of the year
// ("each quarter", "every year") by the calendar. Clauses that say only "regularly" are left out, and so are the 20 hours of
// norms/3.2.2-training-hours and the 80 of etiquette/4.3-hours, whose period is not printed: see the measures training-hours.
func Duties() []Duty {
	duty := func(clause string, cycle Cycle, shown string) Duty {
		return Duty{ID: clause, Clause: clause, Cycle: cycle, Shown: shown}
	}
	since := func(clause string, cycle Cycle, shown string) Duty {
		d := duty(clause, cycle, shown)
		d.SinceLast = true
		return d
	}
	plans := func(name string, cycle Cycle) Duty {
		d := duty("standard/4/4.2-plans", cycle, "issued")
		d.ID += "/" + name
		return d
	}
	return []Duty{
		since("standard/4/4.1-printer-cleaning", Weekly(), "maintained"),
		since("standard/4/4.1-server-check", Quarterly(), "maintained"),
		plans("year", Yearly()),
		plans("quarter", Quarterly()),
		plans("month", Monthly()),
		duty("standard/6.3-tracking", Quarterly(), "surveyed"),
		duty("standard/6.4-annual-plan", Yearly(), "issued"),
		duty("standard/6.4-monitoring", Quarterly(), "assessed"),
		duty("norms/3.2.2-training-cadence", Quarterly(), "trained"),
		duty("norms/3.3.2-appraisal-cadence", Monthly(), "appraised"),
		duty("norms/7.1-yearly-full-drill", Yearly(), "drilled"),
		duty("norms/7.3-yearly-minimum", Yearly(), "drilled"),
		duty("telecom/3.2-quarterly-training", Quarterly(), "trained"),
		duty("telecom/6.3-annual-analysis", Yearly(), "assessed"),
	}
}
