// Package quality measures service over many cases: what share of them kept a limit, what a sample of them allows one to say, and
// how long they took.
//
// # A share of cases
//
// A [Proportion] is two whole numbers, hits among trials, and stays exact. [Proportion.AtLeast] and [Proportion.AtMost] compare it
// with a bound without rounding, so that 899,999 of 1,000,000 is not 90%, whatever a page rounds it to. Bounds are shares: 90% is
// 0.90. A proportion without trials has no rate, is never NaN and passes no bound; ask [Proportion.Known].
//
// # What a sample can tell
//
// When the counted cases are all there are, the exact comparison is the answer. When they stand for more (a survey, a month taken
// as a sign of how the service performs), 19 of 20 does not show that 90% is kept. [Proportion.Wilson] gives the interval of rates
// that go with what was seen, and [Interval.AtLeast] and [Interval.AtMost] compare all of it with a bound. The [Outcome] is
// [Met] or [Missed] when the whole interval is on one side, and otherwise [Undecided]: more cases are needed.
//
// An interval at level 0.95 misses the true rate about one time in twenty, at most rates about half of these on either side, so a
// wrong Met has a chance of about 2.5%. With a rate near 0 or 1 and few trials it is more one-sided: where 1% of all cases complain,
// 100 of them give an interval that lies above 1% eight times in a hundred, and one below it never. Cases are taken as independent;
// if they fail in clusters, as in an outage, the true uncertainty is larger.
//
// # What customers answer
//
// [Scores] counts the answers to one question on a [Scale], score by score. From the counts come the mean score, the share of satisfied
// customers ([Scores.AtLeast]: the host says from which score on) and a net promoter score ([Scores.Net], [Net]). A score that the scale
// does not have, such as 6.5 where whole numbers were asked for, is refused: it is a finding, and neither rounded nor left in the
// denominator. [Weights] of several questions sum to exactly one.
//
// # Whether an objective is met
//
// An [Objective] is a bound on a figure: satisfaction at least 90%, mean response within 30 s. [Objective.Exact] compares without rounding,
// for facts that are all there are; [Objective.Assess] says met, missed or undecided for a sample, with its interval and how many more
// facts at this rate would tell. Both take any [Statistic]: proportions, net scores, mean scores, mean times, availability, time between
// failures, weighted means.
//
// # How long cases took
//
// A [Durations] answers for the median, the 95th percentile and other quantiles of any number of durations in a bounded amount of
// memory. Quantiles are off by less than 1% of their own value (at most [RelativeError]); the count, the shortest and the longest are
// exact. Two of them merge into exactly what one would hold that had seen everything, so each goroutine, file or day can fill its
// own. A [MeanTime] has the exact mean, an [Uptime] the availability and the time between failures of services.
//
// # Measures and charts
//
// Package quality/measure defines the figures of service (satisfaction, resolution, complaints, attainment, availability, training) and
// counts them from histories, by period, tier, channel, group and agent. Package quality/chart watches figures that come one after the
// other.
//
// # Who owes what, and what follows
//
// A [Scorecard] turns figures of an agent or a team into points and a grade; a figure that is missing makes no score, never a lower or a
// higher one. [Rank] ranks by a tie rule, [Stars] chooses for awards without cutting off equals, and [Follows] tells which of the consequences
// of a handbook a standing has. A [Duty] is owed every so often: [Duty.Account] says what is owed, reminded, kept, overdue or escalated at an instant, and
// when that changes. An [Improvement] is what was done about a problem, as package improvement reads it from a history; [Closed] counts how many are closed, and [Change] compares a
// share before and after.
//
// # Estimates and exact numbers
//
// Counts, bounds and comparisons of counts are whole numbers and decimals. The ends of an [Interval] are float64 and estimates, and so
// are quantiles. No function here reads the clock, starts a goroutine or keeps global state.
//
// # Sources
//
//   - E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927) 209–212: the interval.
//   - R. G. Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17 (1998) 857–872: comparison
//     of seven methods, worked examples.
//   - R. G. Newcombe, Interval estimation for the difference between independent proportions: comparison of eleven methods, Statistics in
//     Medicine 17 (1998) 873–890: the interval of a [Change], method 10.
//   - L. D. Brown, T. T. Cai, A. DasGupta, Interval estimation for a binomial proportion, Statistical Science 16 (2001) 101–133: why
//     the textbook interval (rate ± z standard errors) is not used.
//   - M. J. Wichura, Algorithm AS 241: the percentage points of the normal distribution, Applied Statistics 37 (1988) 477–484: the
//     normal quantile, about 1 part in 10^16, as in [math.Erfinv].
//   - A. Agresti, B. A. Coull, Approximate is better than "exact" for interval estimation of binomial proportions, The American Statistician 52 (1998)
//     119–126: adding responses to a sample before the textbook interval is taken.
//   - B. Rocks, Interval estimation for the "net promoter score", The American Statistician 70 (2016) 365–372: the adjusted Wald interval of [Net], with three
//     responses added.
//   - F. F. Reichheld, The one number you need to grow, Harvard Business Review 81 (2003) 46–54: the net promoter score.
//   - Student, The probable error of a mean, Biometrika 6 (1908) 1–25: the interval of a mean.
//   - B. Efron, R. J. Tibshirani, An Introduction to the Bootstrap (1993), chapter 13: the percentile interval.
//   - F. Garwood, Fiducial limits for the Poisson distribution, Biometrika 28 (1936) 437–442: the interval of a time between failures.
//   - C. Masson, J. E. Rim, H. K. Lee, DDSketch: a fast and fully-mergeable quantile sketch with relative-error guarantees, PVLDB 12
//     (2019) 2195–2205: the idea of [Durations].
//   - R. J. Hyndman, Y. Fan, Sample quantiles in statistical packages, The American Statistician 50 (1996) 361–365: definition 1 is
//     the quantile used here.
package quality
