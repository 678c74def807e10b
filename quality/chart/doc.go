// Package chart watches figures that come one after the other, day by day or week by week, and signals when they have changed.
//
// # Which chart
//
//	a share of cases, per day or week         [P], with exact binomial limits
//	the same, from thousands of cases a day   [Laney], when the days differ by more than chance
//	a small shift, soon                       [CUSUM], or [EWMA], on standardised figures ([Standard])
//
// A chart is set up with what is usual (the rate, or target and spread), taken from a time when all was well, not from the time that is
// judged. A chart that is set up from the very figures that it judges hides what it should show.
//
// # False alarms
//
// Every chart signals now and then though nothing has changed. [P.FalseAlarms] says how often a p-chart does, [CUSUM.RunLength] and
// [EWMA.RunLength] after how many figures on average, and how soon a shift of a given size is found. The textbook limits, three standard
// deviations on either side, promise one false alarm in 370; for a rate of 0.1% and 1,000 cases a day they give one in 52 ([P.Sigma]),
// because counts of rare cases are not normal. [P] takes its limits from the binomial distribution itself.
//
// Days differ by more than chance: Mondays, releases, outages. With few cases a day that does not show; with thousands, the limits of a
// p-chart are so narrow that almost every day is a signal. [Laney] widens the limits by as much as the days really differ, and
// [Laney.Spread] says by how much.
//
// # What figures to give
//
// Run lengths hold for independent figures with a normal distribution; [Standard] makes such a figure of a share, near enough when both
// hits and misses are at least five or so. A signal is not an outcome: whether an objective is met is a question for quality.Objective.
//
// Values are float64 and estimates. Charts keep no history and do not read the clock. [P] and [Laney] are immutable; an [EWMA] and a
// [CUSUM] serve one series and one goroutine at a time.
//
// # Sources
//
//   - D. C. Montgomery, Introduction to Statistical Quality Control, 6th edition (2009), chapters 7 and 9: p-charts, CUSUM, EWMA.
//   - D. B. Laney, Improved control charts for attributes, Quality Engineering 14 (2002) 531–537: limits for rates that vary by more than chance.
//   - E. S. Page, Continuous inspection schemes, Biometrika 41 (1954) 100–115: CUSUM, and the equation of its run length.
//   - S. W. Roberts, Control chart tests based on geometric moving averages, Technometrics 1 (1959) 239–250: EWMA.
//   - S. V. Crowder, A simple method for studying run-length distributions of exponentially weighted moving average charts, Technometrics 29 (1987) 401–407: the
//     equation of the EWMA's run length.
//   - J. M. Lucas, M. S. Saccucci, Exponentially weighted moving average control schemes, Technometrics 32 (1990) 1–12: designs and their run lengths.
package chart
