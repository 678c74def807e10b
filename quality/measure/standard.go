package measure

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/servicecharter/charter/quality"
)

// Options are what no handbook states and a host must.
type Options struct {
	// Scale is the scale of the satisfaction survey, and Satisfied the lowest score on it that counts as satisfied.
	Scale     quality.Scale
	Satisfied decimal.Decimal
	// Settle is how long after its end a case may still be reopened, the customer ask again, or a survey be answered, before it counts as
	// settled. Until then the measures that depend on it are pending. With zero they count at once, and whatever comes later counts too.
	Settle time.Duration
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
	measures = append(measures, serviceMeasures()...)
	measures = append(measures, peopleMeasures()...)
	measures = append(measures, hostMeasures()...)
	return NewRegistry(measures...)
}

// hostMeasures have no history here: customer master data and accounts stay with the host, who observes the facts.
func hostMeasures() []Measure {
	share := func(id string, name Name, numerator, denominator string, clauses ...string) Measure {
		return Measure{
			ID: id, Name: name, Numerator: numerator, Denominator: denominator, Excluded: "none", Kind: Share, Unit: quality.Percent, Better: Higher,
			Attributed: "the period that the host counted", Clauses: clauses,
		}
	}
	value := Measure{
		ID: "customer-value", Name: Name{"customer lifetime value", "客户终身价值"}, Numerator: "what customers are worth, in the smallest unit of a currency",
		Denominator: "customers", Excluded: "none", Kind: MeanAmount, Unit: quality.Amount, Better: Higher, Attributed: "the period that the host counted",
		Clauses: []string{"enterprise/5.3-dimensions", "enterprise/5.3-clv-metric"},
	}
	saving := value
	saving.ID, saving.Name, saving.Kind, saving.Unit = "cost-saving", Name{"cost saving rate", "成本节约率"}, Part, quality.Percent
	saving.Numerator, saving.Denominator = "cost saved, in the smallest unit of a currency", "cost before, in the same unit"
	saving.Clauses = []string{"telecom/7.4-indicators"}
	return []Measure{
		share("customer-retention", Name{"customer retention rate", "客户保留率"}, "those who still are at its end", "customers at the beginning of the period",
			"enterprise/5.3-dimensions", "enterprise/5.3-loyalty-metrics"),
		share("customer-repurchase", Name{"repurchase rate", "复购率"}, "those who bought again", "customers who had bought", "enterprise/5.3-loyalty-metrics"),
		share("customer-referral", Name{"referral rate", "推荐率"}, "those who brought another", "customers", "enterprise/5.3-loyalty-metrics"),
		value,
		share("conversion-rate", Name{"conversion rate of innovation", "创新转化率"}, "those put into service", "innovations proposed", "telecom/7.4-indicators"),
		saving,
	}
}
