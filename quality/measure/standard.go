package measure

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/quality/improvement"
)

// Options are what no handbook states and a host must.
type Options struct {
	// Scale is the scale of the satisfaction survey, and Satisfied the lowest score on it that counts as satisfied.
	Scale     quality.Scale
	Satisfied decimal.Decimal
	// Settle is how long after its end a case may still be reopened, the customer ask again, or a survey be answered, before it counts as
	// settled. Until then the measures that depend on it are pending. With zero they count at once, and whatever comes later counts too.
	Settle time.Duration
	// Improvement is what the words of improvements mean; see improvement.Words. The zero value is the handbooks' words.
	Improvement improvement.Words
	// Channels are the channels by which cases come; nil is those of the vocabulary. Each has its share; a case that came by another is a
	// finding, [CodeNoChannel].
	Channels []string
}

// Channels returns the channels of the vocabulary.
func Channels() []string {
	return []string{
		"phone", "chat", "web", "app", "mini_program", "official_account", "social", "email", "fax", "sms", "self_service", "bot", "on_site", "outlet",
	}
}

// Standard returns the measures that Charter's handbooks speak of. Scale and Satisfied are needed, as no handbook says which score is
// satisfied; without them, and with a Settle below zero, it is refused with [ErrMeasure]. Add attainment of targets and others by
// [Registry.With].
func Standard(o Options) (*Registry, error) {
	if o.Settle < 0 {
		return nil, fmt.Errorf("%w: cases settle after %v", ErrMeasure, o.Settle)
	}
	measures := append(surveyMeasures(o), caseMeasures(o)...)
	if o.Channels == nil {
		o.Channels = Channels()
	}
	for _, c := range o.Channels {
		measures = append(measures, ChannelShare(c))
	}
	measures = append(measures, reviewMeasures()...)
	measures = append(measures, timeMeasures()...)
	measures = append(measures, amongMeasures(measures)...)
	measures = append(measures, serviceMeasures()...)
	measures = append(measures, improvementMeasures(o.Improvement)...)
	measures = append(measures, peopleMeasures()...)
	measures = append(measures, hostMeasures()...)
	return NewRegistry(measures...)
}

func nothing() Text { return Text{"none", "无"} }

func hostsPeriod() Text {
	return Text{"the period that the host counted", "使用方统计的期间"}
}

// hostMeasures have no history here: customer master data and accounts stay with the host, who observes the facts, and all of them.
func hostMeasures() []Measure {
	share := func(id string, name, numerator, denominator Text) Measure {
		return Measure{
			ID: id, Name: name, Numerator: numerator, Denominator: denominator, Excluded: nothing(), Kind: Share, Unit: quality.Percent, Better: Higher,
			Attributed: hostsPeriod(), Census: true,
		}
	}
	value := Measure{
		ID: "customer-value", Name: Text{"customer lifetime value", "客户终身价值"}, Numerator: Text{"what customers are worth, in the smallest unit of a currency", "客户的价值，以货币最小单位计"},
		Denominator: Text{"customers", "客户"}, Excluded: nothing(), Kind: MeanAmount, Unit: quality.Amount, Better: Higher, Attributed: hostsPeriod(), Census: true,
	}
	saving := value
	saving.ID, saving.Name, saving.Kind, saving.Unit = "cost-saving", Text{"cost saving rate", "成本节约率"}, Part, quality.Percent
	saving.Numerator = Text{"cost saved, in the smallest unit of a currency", "节约的成本，以货币最小单位计"}
	saving.Denominator = Text{"cost before, in the same unit", "此前的成本，单位相同"}
	terminals := func(size, chinese string) Measure {
		return Measure{
			ID: "terminals/" + size, Name: Text{"terminals of a " + size + " service centre", chinese + "服务中心终端数"},
			Numerator:   Text{"terminals in service", "在用终端"},
			Denominator: Text{"counts, one a centre: each has to keep the bounds", "清点次数，每个中心一次；逐一对照上下限"},
			Excluded:    nothing(), Kind: Each, Unit: quality.Amount, Attributed: Text{"the day of the count", "清点之日"}, Census: true,
		}
	}
	return []Measure{
		terminals("large", "大型"), terminals("small", "小型"),
		share("customer-retention", Text{"customer retention rate", "客户保留率"}, Text{"those who still are at its end", "期末仍在的客户"}, Text{"customers at the beginning of the period", "期初的客户"}),
		share("customer-repurchase", Text{"repurchase rate", "复购率"}, Text{"those who bought again", "再次购买的客户"}, Text{"customers who had bought", "曾经购买的客户"}),
		share("customer-referral", Text{"referral rate", "推荐率"}, Text{"those who brought another", "带来其他客户的客户"}, Text{"customers", "客户"}),
		value,
		share("conversion-rate", Text{"conversion rate of innovation", "创新转化率"}, Text{"those put into service", "已投入使用的创新"}, Text{"innovations proposed", "提出的创新"}),
		saving,
	}
}
