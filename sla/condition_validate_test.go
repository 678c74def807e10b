package sla_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/servicecharter/charter/sla"
)

func TestConditionValidate(t *testing.T) {
	for _, sound := range []sla.Condition{
		nil, {}, {sla.Is("tier", "urgent")}, {sla.Is("tier", "urgent"), sla.IsNot("tier", "routine"), sla.IsNot("class", "x", "y")},
	} {
		assert.NoError(t, sound.Validate(), sound)
	}
	for want, c := range map[string]sla.Condition{
		"without an attribute":              {sla.Is("", "urgent")},
		"attribute tier without a value":    {sla.Is("tier")},
		"attribute class without a value":   {sla.Is("tier", "urgent"), sla.IsNot("class", "")},
		"attribute tier stands twice":       {sla.Is("tier", "a"), sla.IsNot("class", "x"), sla.Is("tier", "b")},
		"attribute complexity stands twice": {sla.IsNot("complexity", "a"), sla.IsNot("complexity", "b")},
		"a term without an attribute":       {sla.Is("tier", "a"), {}},
	} {
		err := c.Validate()
		assert.ErrorIs(t, err, sla.ErrCondition)
		assert.ErrorContains(t, err, want)
	}
}
