package measure

import (
	"cmp"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/quality"
)

func atAnswer() Text { return Text{"the answer", "作答之时"} }

func everyAnswer() Text {
	return Text{
		"answers to the question, passives and dissatisfied included; each entry surveyed counts",
		"对该问题的全部回答，含中立与不满意者；每条满意度调查记录各计一次",
	}
}

func offScale() Text {
	return Text{"answers off the scale or on another scale, which are findings", "不在量表之内、或按其他量表作出的回答；另列为发现项"}
}

// Satisfaction returns the share of satisfied answers to a question: those from survey.Satisfied on. Its id is satisfaction for the
// dimension overall, which none means too, and satisfaction-DIMENSION for others. A dimension of the host's own stands in the names as it
// is. A survey.Satisfied that its scale does not have stands as "?" in the texts, and no [Registry] takes the measure.
func Satisfaction(survey Survey) Measure {
	survey.Dimension = dimensionOf(survey.Dimension)
	survey.plain()
	satisfied := "?"
	if _, err := survey.Scale.Level(survey.Satisfied); err == nil {
		satisfied = survey.Satisfied.String()
	}
	m := Measure{
		ID: "satisfaction", Name: Text{"customer satisfaction", "客户满意率"}, Numerator: Text{"answers from " + satisfied + " on", satisfied + "分及以上的回答"},
		Denominator: everyAnswer(), Excluded: offScale(), Kind: Satisfied, Unit: quality.Percent, Better: Higher, Attributed: atAnswer(),
		Of: Cases, Survey: survey,
		Observe: answers(survey, ""),
	}
	if survey.Dimension != Overall {
		m.ID += "-" + survey.Dimension
		m.Name = Text{"satisfaction with " + words(survey.Dimension), cmp.Or(dimensionNames[survey.Dimension], survey.Dimension) + "满意率"}
	}
	return m
}

var dimensionNames = map[string]string{
	"attitude": "服务态度", "professionalism": "专业性", "efficiency": "处理效率", "resolution": "解决程度", "content": "服务内容", "process": "服务流程",
	"response": "响应速度", "accuracy": "准确性", "completeness": "内容完整性", "transparency": "流程透明度", "follow_up": "后续跟进",
}

func surveyMeasures(o Options) []Measure {
	overall := Survey{Dimension: Overall, Scale: o.Scale, Satisfied: o.Satisfied}
	measures := []Measure{Satisfaction(overall)}
	for _, d := range Dimensions() {
		survey := overall
		survey.Dimension = d
		measures = append(measures, Satisfaction(survey))
	}

	complaints := Satisfaction(overall)
	complaints.ID, complaints.Name = "complaint-satisfaction", Text{"satisfaction with complaint handling", "投诉处理满意率"}
	complaints.Denominator = Text{
		"answers of complainants; each entry surveyed on a case of the kind complaint counts", "投诉人的回答；投诉类个案的每条满意度调查记录各计一次",
	}
	complaints.Kinds, complaints.Observe = []string{"complaint"}, answers(overall, "complaint")

	score := Satisfaction(overall)
	score.ID, score.Name, score.Kind, score.Unit = "satisfaction-score", Text{"mean satisfaction score", "平均满意度得分"}, MeanScore, quality.Score
	score.Numerator = Text{"sum of the scores", "得分之和"}

	nps := asked(Recommendation, "0-10", decimal.NewFromInt(9))
	nps.ID, nps.Name, nps.Kind, nps.Unit = "nps", Text{"net promoter score", "净推荐值"}, NetScore, quality.Score
	nps.Numerator = Text{"100 times promoters (9 and 10) less detractors (0 to 6)", "推荐者（9、10分）与贬损者（0至6分）之差的100倍"}

	effort := asked(Effort, "1-5", decimal.NewFromInt(1))
	effort.ID, effort.Name, effort.Kind, effort.Unit = "effort", Text{"customer effort score, as effort from 1 to 5", "客户费力度（1至5分）"}, MeanScore, quality.Score
	effort.Numerator, effort.Better = Text{"sum of the scores; 1 is very low effort", "得分之和；1分为非常省力"}, Lower

	ease := asked(Ease, "1-7", decimal.NewFromInt(5))
	ease.ID, ease.Name, ease.Kind, ease.Unit = "ease", Text{"customer effort score, as ease from 1 to 7", "客户费力度（易用性1至7分）"}, MeanScore, quality.Score
	ease.Numerator = Text{"sum of the scores; 7 is full agreement that it was easy", "得分之和；7分为完全同意办理容易"}

	easy := asked(Ease, "1-7", decimal.NewFromInt(5))
	easy.ID, easy.Name, easy.Kind, easy.Unit = "ease-agreed", Text{"customer effort score, as the share that found it easy", "认为易于办理的客户占比"}, Satisfied, quality.Percent
	easy.Numerator = Text{"answers from 5 (somewhat agree) on", "5分（比较同意）及以上的回答"}

	return append(measures, complaints, score, nps, effort, ease, easy)
}

// asked is a measure of a question with a scale of its own.
func asked(dimension, scale string, satisfied decimal.Decimal) Measure {
	s, _ := quality.ParseScale(scale) // the callers' scales are scales
	survey := Survey{Dimension: dimension, Scale: s, Satisfied: satisfied}
	return Measure{
		Denominator: everyAnswer(), Excluded: offScale(), Better: Higher, Attributed: atAnswer(), Of: Cases, Survey: survey, Observe: answers(survey, ""),
	}
}

// answers gives the ratings of one question, of cases of one kind or of all.
func answers(survey Survey, kind string) func(*Record, func(Observation)) {
	scale := survey.Scale.String()
	return func(r *Record, emit func(Observation)) {
		if kind != "" {
			if k, _ := r.attribute(history.KeyKind); k != kind {
				return
			}
		}
		for i := range r.entries {
			e := &r.entries[i]
			if e.Kind != history.Surveyed {
				continue
			}
			dimension, _ := e.Fields.Get("dimension")
			score, scored := e.Fields.Get("score")
			if dimensionOf(dimension) != survey.Dimension || !scored {
				continue
			}
			emit(r.at(i, read(score, e, survey.Scale, scale)))
		}
	}
}

func read(score string, e *history.Entry, scale quality.Scale, text string) Fact {
	if other, named := e.Fields.Get("scale"); named && other != text {
		if parsed, err := quality.ParseScale(other); err != nil || parsed != scale {
			return Broken(CodeOtherScale, "asked on "+short(other)+", not on "+text)
		}
	}
	v, ok := number(score)
	if !ok {
		return Broken(CodeNoRating, "score "+short(score))
	}
	return Rating(v)
}

func number(score string) (v decimal.Decimal, ok bool) {
	if len(score) > 40 || strings.ContainsAny(score, "eE") {
		return v, false
	}
	v, err := decimal.NewFromString(score)
	return v, err == nil
}

// short makes a field fit for a finding.
func short(text string) string {
	if utf8.RuneCountInString(text) > 20 {
		text = string([]rune(text)[:20]) + "…"
	}
	return "\"" + text + "\""
}
