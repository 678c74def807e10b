package quality_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter/quality"
)

func num(text string) decimal.Decimal { return decimal.RequireFromString(text) }

// agents is a card of three indicators (standard/3.4-kpis).
func agents() (quality.Scorecard, error) {
	return quality.NewScorecard([]quality.KPI{
		{ID: "satisfaction", Share: num("0.5"), Zero: num("70"), Full: num("95"), Clause: "standard/3.4-kpis"},
		{ID: "response", Share: num("0.3"), Zero: num("120"), Full: num("30"), Clause: "standard/3.4-kpis"}, // seconds
		{ID: "complaints", Share: num("0.2"), Zero: num("5"), Full: num("0"), Clause: "standard/3.4-kpis"},  // percent
	}, []quality.Grade{
		{Name: "excellent", From: num("90"), Standing: quality.Outstanding},
		{Name: "good", From: num("60"), Standing: quality.Passed},
		{Name: "poor", From: num("0"), Standing: quality.Failed},
	})
}

// Less is better for two of the three, so Full is below Zero. Wang has no survey answers: no score, rather than one from what is left.
func ExampleScorecard_Score() {
	card, err := agents()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, a := range []struct {
		name    string
		figures map[string]decimal.Decimal
	}{
		{"Li", map[string]decimal.Decimal{"satisfaction": num("92.5"), "response": num("25"), "complaints": num("1")}},
		{"Wang", map[string]decimal.Decimal{"response": num("20"), "complaints": num("0")}},
	} {
		r, err := card.Score(a.name, a.figures, 2)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(r)
		for _, p := range r.Parts {
			if p.Points != nil {
				fmt.Println("  ", p.KPI, p.Figure, "earns", p.Points, "for", p.Share)
			}
		}
	}
	// Output:
	// Li: 91.00, excellent
	//    satisfaction 92.5 earns 90 for 0.5
	//    response 25 earns 100 for 0.3
	//    complaints 1 earns 80 for 0.2
	// Wang: no score, [satisfaction] missing
	//    response 20 earns 100 for 0.3
	//    complaints 0 earns 100 for 0.2
}

// The key results of an OKR: Zero is where a result started, Full its target, and the points are how far it has come.
func ExampleNewScorecard_okr() {
	faster, err := quality.NewScorecard([]quality.KPI{
		{ID: "median first response, minutes", Share: num("0.6"), Zero: num("30"), Full: num("10")},
		{ID: "agents trained", Share: num("0.4"), Zero: num("0"), Full: num("40")},
	}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	now, err := faster.Score("answer within ten minutes", map[string]decimal.Decimal{
		"median first response, minutes": num("15"), "agents trained": num("30"),
	}, 0)
	fmt.Println(now, err)
	// Output: answer within ten minutes: 75 <nil>
}

// results scores people by satisfaction alone.
func results(t require.TestingT, satisfaction map[string]string) []quality.Result {
	card, err := quality.NewScorecard([]quality.KPI{{ID: "satisfaction", Share: num("1"), Zero: num("0"), Full: num("100")}}, []quality.Grade{
		{Name: "good", From: num("0"), Standing: quality.Passed}, {Name: "star", From: num("90"), Standing: quality.Outstanding},
	})
	require.NoError(t, err)
	var out []quality.Result
	for name, text := range satisfaction {
		figures := map[string]decimal.Decimal{}
		if text != "" {
			figures["satisfaction"] = num(text)
		}
		r, err := card.Score(name, figures, 1)
		require.NoError(t, err)
		out = append(out, r)
	}
	return out
}

func byName(a, b quality.Result) int { return strings.Compare(a.Subject, b.Subject) }

func ExampleRank() {
	people := results(panicking{}, map[string]string{"Chen": "91", "Li": "95", "Wang": "93", "Wu": "93", "Zhao": ""})
	for _, c := range []struct {
		ties quality.Ties
		key  func(a, b quality.Result) int
	}{{quality.Competition, nil}, {quality.Dense, nil}, {quality.Ordinal, byName}} {
		ranked, err := quality.Rank(people, c.ties, c.key)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Print(c.ties, ":")
		for _, r := range ranked {
			fmt.Print(" ", r.Rank, " ", r.Subject)
		}
		fmt.Println()
	}
	// Output:
	// competition: 1 Li 2 Wang 2 Wu 4 Chen 0 Zhao
	// dense: 1 Li 2 Wang 2 Wu 3 Chen 0 Zhao
	// ordinal: 1 Li 2 Wang 3 Wu 4 Chen 0 Zhao
}

// Two awards, and two equals for the second: the handbook asks for a vote of customers, not for the alphabet.
func ExampleStars() {
	ranked, err := quality.Rank(results(panicking{}, map[string]string{"Chen": "91", "Li": "95", "Wang": "93", "Wu": "93", "Zhao": "80"}), quality.Competition, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	chosen, tied := quality.Stars(ranked, 2)
	for _, r := range chosen {
		fmt.Println("service star:", r)
	}
	for _, r := range tied {
		fmt.Println("to the vote:", r)
	}
	// Output:
	// service star: Li: 95.0, star
	// to the vote: Wang: 93.0, star
	// to the vote: Wu: 93.0, star
}

func ExampleFollows() {
	all := []quality.Consequence{ // those of a handbook come from Handbook.Consequences of package charter
		{Clause: "house/1", After: []quality.Standing{quality.Failed}, Due: []string{"training", "another post"}, Choice: true},
		{Clause: "house/2", After: []quality.Standing{quality.Outstanding}, Due: []string{"reward"}},
	}
	for _, c := range quality.Follows(all, quality.Failed) {
		fmt.Println(c)
	}
	// Output:
	// house/1: training or another post
}

// panicking stands for a test where there is none.
type panicking struct{}

func (panicking) Errorf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
func (panicking) FailNow()                          { panic("failed") }

func TestScoreAgainstTheFormula(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 5).Draw(t, "n")
		figure := rapid.Custom(func(t *rapid.T) decimal.Decimal {
			return decimal.New(rapid.Int64Range(-9999, 9999).Draw(t, "figure"), -2)
		})
		var kpis []quality.KPI
		figures := map[string]decimal.Decimal{}
		left, want := int64(1000), 0.0
		for i := range n {
			share := left
			if i < n-1 {
				share = rapid.Int64Range(1, left-int64(n-1-i)).Draw(t, "share")
			}
			left -= share
			k := quality.KPI{ID: fmt.Sprint(i), Share: decimal.New(share, -3), Zero: figure.Draw(t, "zero"), Full: figure.Draw(t, "full")}
			if k.Zero.Equal(k.Full) {
				k.Full = k.Full.Add(decimal.New(1, 0))
			}
			kpis = append(kpis, k)
			f := figure.Draw(t, "f")
			figures[k.ID] = f
			way := (f.InexactFloat64() - k.Zero.InexactFloat64()) / (k.Full.InexactFloat64() - k.Zero.InexactFloat64())
			want += min(max(way, 0), 1) * float64(share) / 10
		}
		card, err := quality.NewScorecard(kpis, nil)
		require.NoError(t, err)
		r, err := card.Score("x", figures, 12)
		require.NoError(t, err)
		assert.InDelta(t, want, r.Points.InexactFloat64(), 1e-8)
		require.Len(t, r.Parts, n)

		// Whichever is taken away, there is no score, and it is named.
		gone := fmt.Sprint(rapid.IntRange(0, n-1).Draw(t, "gone"))
		delete(figures, gone)
		r, err = card.Score("x", figures, 12)
		require.NoError(t, err)
		assert.Nil(t, r.Points)
		assert.Equal(t, []string{gone}, r.Missing)
		assert.Empty(t, r.Grade)
		assert.Zero(t, r.Standing)
	})
}

// The definitions of the ranks, counted one by one.
func TestRanksAgainstTheirDefinitions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scores := map[string]string{}
		for i := range rapid.IntRange(0, 12).Draw(t, "n") {
			scores[fmt.Sprintf("p%02d", i)] = rapid.SampledFrom([]string{"", "10", "20", "20.5", "90", "100"}).Draw(t, "score")
		}
		people := results(t, scores)
		for _, ties := range []quality.Ties{quality.Competition, quality.Dense, quality.Ordinal} {
			key := byName
			if ties != quality.Ordinal {
				key = nil
			}
			ranked, err := quality.Rank(people, ties, key)
			require.NoError(t, err)
			require.Len(t, ranked, len(people))
			for at, r := range ranked {
				better, levels := 0, map[string]bool{}
				for name, text := range scores {
					if text == "" || r.Points == nil {
						continue
					}
					switch num(text).Cmp(num(scores[r.Subject])) {
					case 1:
						better++
						levels[text] = true
					case 0:
						if ties == quality.Ordinal && name < r.Subject {
							better++
						}
					}
				}
				want := 0
				switch {
				case r.Points == nil:
				case ties == quality.Dense:
					want = len(levels) + 1
				default:
					want = better + 1
				}
				assert.Equal(t, want, r.Rank, "%v at %d: %v", ties, at, r)
			}
			places := rapid.IntRange(-1, 5).Draw(t, "places")
			chosen, tied := quality.Stars(ranked, places)
			assert.LessOrEqual(t, len(chosen), max(places, 0))
			if len(tied) > 0 {
				assert.Greater(t, len(chosen)+len(tied), places, "a tie is one that does not fit")
				assert.Less(t, len(chosen), places, "a tie for no place")
				assert.NotEqual(t, quality.Ordinal, ties)
			}
			for _, r := range slices.Concat(chosen, tied) {
				assert.Equal(t, quality.Outstanding, r.Standing)
			}
		}
	})
}

// What is shown as 90.0 and is a little less is below 90, for the grade and for the rank.
func TestGradesAndRanksAreNotRounded(t *testing.T) {
	people := results(t, map[string]string{"a": "89.99", "b": "90"})
	slices.SortFunc(people, byName)
	assert.Equal(t, "a: 90.0, good", people[0].String())
	assert.Equal(t, "b: 90.0, star", people[1].String())
	ranked, err := quality.Rank(people, quality.Competition, nil)
	require.NoError(t, err)
	assert.Equal(t, "b", ranked[0].Subject)
	assert.Equal(t, 2, ranked[1].Rank)
}

func TestScorecardRefuses(t *testing.T) {
	kpi := quality.KPI{ID: "a", Share: num("1"), Zero: num("0"), Full: num("1")}
	with := func(change func(*quality.KPI)) []quality.KPI {
		k := kpi
		change(&k)
		return []quality.KPI{k}
	}
	good := quality.Grade{Name: "good", Standing: quality.Passed}
	for name, c := range map[string]struct {
		kpis   []quality.KPI
		grades []quality.Grade
		want   error
	}{
		"no indicators":      {nil, nil, quality.ErrWeights},
		"sums to less":       {with(func(k *quality.KPI) { k.Share = num("0.99") }), nil, quality.ErrWeights},
		"thirds":             {[]quality.KPI{with(func(k *quality.KPI) { k.Share = num("0.3333") })[0]}, nil, quality.ErrWeights},
		"negative share":     {with(func(k *quality.KPI) { k.Share = num("-1") }), nil, quality.ErrWeights},
		"twice":              {[]quality.KPI{kpi, kpi}, nil, quality.ErrWeights},
		"no name":            {with(func(k *quality.KPI) { k.ID = "" }), nil, quality.ErrWeights},
		"no way to go":       {with(func(k *quality.KPI) { k.Full = k.Zero }), nil, quality.ErrScorecard},
		"huge figure":        {with(func(k *quality.KPI) { k.Full = share(t, "1e2000000000") }), nil, quality.ErrScorecard},
		"tiny figure":        {with(func(k *quality.KPI) { k.Full = share(t, "1e-2000000000") }), nil, quality.ErrScorecard},
		"grade without name": {with(func(*quality.KPI) {}), []quality.Grade{{Standing: quality.Passed}}, quality.ErrScorecard},
		"no standing":        {with(func(*quality.KPI) {}), []quality.Grade{{Name: "good"}}, quality.ErrScorecard},
		"grade twice":        {with(func(*quality.KPI) {}), []quality.Grade{good, good}, quality.ErrScorecard},
		"same point":         {with(func(*quality.KPI) {}), []quality.Grade{good, {Name: "b", Standing: quality.Passed}}, quality.ErrScorecard},
		"not from 0":         {with(func(*quality.KPI) {}), []quality.Grade{{Name: "good", From: num("60"), Standing: quality.Passed}}, quality.ErrScorecard},
		"above 100":          {with(func(*quality.KPI) {}), []quality.Grade{good, {Name: "b", From: num("101"), Standing: quality.Passed}}, quality.ErrScorecard},
		"upside down":        {with(func(*quality.KPI) {}), []quality.Grade{good, {Name: "b", From: num("60"), Standing: quality.Failed}}, quality.ErrScorecard},
	} {
		_, err := quality.NewScorecard(c.kpis, c.grades)
		assert.ErrorIs(t, err, c.want, name)
	}
	_, err := quality.Scorecard{}.Score("x", nil, 2)
	assert.ErrorIs(t, err, quality.ErrScorecard)
	card, err := quality.NewScorecard([]quality.KPI{kpi}, nil)
	require.NoError(t, err)
	_, err = card.Score("x", map[string]decimal.Decimal{"a": num("1"), "A": num("1")}, 2)
	assert.ErrorContains(t, err, `"A"`)
	_, err = card.Score("x", map[string]decimal.Decimal{"a": share(t, "1e2000000000")}, 2)
	assert.ErrorIs(t, err, quality.ErrScorecard)
	r, err := card.Score("x", nil, 2)
	require.NoError(t, err)
	assert.Equal(t, "x: no score, [a] missing", r.String())
}

func TestRankRefuses(t *testing.T) {
	people := results(t, map[string]string{"a": "50", "b": "50", "c": ""})
	same := func(quality.Result, quality.Result) int { return 0 }
	for name, c := range map[string]struct {
		people []quality.Result
		ties   quality.Ties
		key    func(a, b quality.Result) int
	}{
		"no such rule":    {people, 9, nil},
		"no key":          {people, quality.Ordinal, nil},
		"key for nothing": {people, quality.Dense, byName},
		"blunt key":       {people, quality.Ordinal, same},
		"twice":           {append(slices.Clone(people), people[0]), quality.Competition, nil},
		"nobody":          {[]quality.Result{{}}, quality.Competition, nil},
	} {
		_, err := quality.Rank(c.people, c.ties, c.key)
		assert.ErrorIs(t, err, quality.ErrScorecard, name)
	}
	data, err := json.Marshal(people[:1])
	require.NoError(t, err)
	var back []quality.Result
	require.NoError(t, json.Unmarshal(data, &back))
	if back[0].Points == nil { // the one without a score
		data, err = json.Marshal(people[1:2])
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(data, &back))
	}
	_, err = quality.Rank(back, quality.Competition, nil)
	assert.ErrorContains(t, err, "lost its exact points")
	ranked, err := quality.Rank(nil, quality.Competition, nil)
	assert.NoError(t, err)
	assert.Empty(t, ranked)
	assert.Equal(t, "Ties(9)", quality.Ties(9).String())
}

// What follows keeps its order; from no standing, and from no consequences, nothing follows.
func TestFollows(t *testing.T) {
	failed, passed, best := quality.Failed, quality.Passed, quality.Outstanding
	all := []quality.Consequence{
		{Clause: "a", After: []quality.Standing{best, failed}, Due: []string{"talk"}},
		{Clause: "b", After: []quality.Standing{best}, Due: []string{"star", "bonus", "praise"}},
		{Clause: "c", After: []quality.Standing{failed}, Due: []string{"training", "another post"}, Choice: true},
	}
	says := func(s quality.Standing) (lines []string) {
		for _, c := range quality.Follows(all, s) {
			lines = append(lines, c.String())
		}
		return lines
	}
	assert.Equal(t, []string{"a: talk", "c: training or another post"}, says(failed))
	assert.Equal(t, []string{"a: talk", "b: star, bonus and praise"}, says(best))
	assert.Empty(t, says(passed))
	assert.Empty(t, says(0), "no score, no consequence")
	assert.Empty(t, quality.Follows(nil, failed))
	var s quality.Standing
	assert.ErrorIs(t, s.UnmarshalText([]byte("fair")), quality.ErrFormat)
	assert.Equal(t, "Standing(0)", s.String())
}

func TestConsequenceIsValidated(t *testing.T) {
	sound := quality.Consequence{Clause: "a/1", After: []quality.Standing{quality.Failed}, Due: []string{"training", "another post"}, Choice: true}
	require.NoError(t, sound.Validate())
	for problem, spoil := range map[string]func(*quality.Consequence){
		"it names no standing":               func(c *quality.Consequence) { c.After = nil },
		"a standing that is none":            func(c *quality.Consequence) { c.After = []quality.Standing{quality.Failed, 9} },
		"a standing stands twice":            func(c *quality.Consequence) { c.After = []quality.Standing{quality.Failed, quality.Failed} },
		"nothing is due":                     func(c *quality.Consequence) { c.Due = []string{} },
		"something without a name is due":    func(c *quality.Consequence) { c.Due = []string{"training", " "} },
		"the same is due twice":              func(c *quality.Consequence) { c.Due = []string{"training", "training"} },
		"a choice needs two things that are": func(c *quality.Consequence) { c.Due = c.Due[:1] },
	} {
		c := sound
		spoil(&c)
		err := c.Validate()
		require.ErrorIs(t, err, quality.ErrConsequence, problem)
		assert.ErrorContains(t, err, `"a/1": `)
		assert.ErrorContains(t, err, problem)
	}
}
