package charter_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/records/access"
	"github.com/servicecharter/charter/sla"
)

func published(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(charter.Schema()))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	require.NoError(t, c.AddResource("handbook.schema.json", doc))
	s, err := c.Compile("handbook.schema.json")
	require.NoError(t, err)
	return s
}

func validate(t *testing.T, s *jsonschema.Schema, text []byte) error {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	require.NoError(t, err)
	return s.Validate(doc)
}

func TestSchemaTakesTheFiveHandbooks(t *testing.T) {
	s := published(t)
	for _, name := range handbooks.Names() {
		text, err := handbooks.JSON(name)
		require.NoError(t, err)
		assert.NoError(t, validate(t, s, text), name)
	}
}

// Whatever Charter writes, amended to the full, its own schema takes too.
func TestSchemaTakesAnAmendedHandbook(t *testing.T) {
	text, err := amended(t).MarshalJSON()
	require.NoError(t, err)
	assert.NoError(t, validate(t, published(t), text))
}

// What the schema refuses, ParseHandbook must refuse, and the other way round
// for what a schema can tell.
func TestSchemaAgreesWithParseHandbook(t *testing.T) {
	s := published(t)
	for name, mistake := range map[string][2]string{
		"none":                 {"", ""},
		"unknown field":        {`"section"`, `"sektion"`},
		"no text":              {`"text": {"en": "An urgent case is answered within 1 hour."},`, ``},
		"unknown kind":         {`"kind": "deadline"`, `"kind": "limit"`},
		"unknown subject":      {`"subject": "sla"`, `"subject": "slas"`},
		"unknown check":        {`"decidable"`, `"maybe"`},
		"unknown metric":       {`"first-response"`, `"first-reply"`},
		"malformed span":       {`"1h?"`, `"an hour"`},
		"malformed match":      {`"from": ["opened"]`, `"from": ["opened[channel"]`},
		"two limits":           {`"within": "1h?"`, `"within": "1h?", "due": "planned.due"`},
		"two stops":            {`"until": ["responded"]`, `"until": ["responded"], "until_all": ["closed"]`},
		"no rule":              {`"rule": {"metric": "first-response", "from": ["opened"], "until": ["responded"], "within": "1h?"}`, `"notes": {"en": "x"}`},
		"empty condition":      {`{"tier": "urgent"}`, `{}`},
		"odd exception":        {`{"tier": "urgent"}`, `{"tier": {"is": "urgent"}}`},
		"no value":             {`{"tier": "urgent"}`, `{"tier": []}`},
		"malformed date":       {`"2025-01-01"`, `"1.1.2025"`},
		"impossible date":      {`"2025-01-01"`, `"2025-02-30"`},
		"no declaration":       {`"values": [{"id": "urgent"}]`, `"ordered": true`},
		"no edition":           {`"version": "1",`, ``},
		"null":                 {`"version": "1"`, `"version": null`},
		"escalation twice":     {`"role": "lead"`, `"role": "lead", "within": "1h", "at": "due"`},
		"empty escalation":     {`{"role": "lead"}`, `{}`},
		"empty scheme":         {`{"attribute": "tier"}`, `{"values": ["urgent"]}`},
		"rung of nobody":       {`"within": "1h?"`, `"within": "1h", "ladder": [{"at": "due"}]`},
		"provides none":        {`"version": "1",`, `"version": "1", "settings": [{"provides": []}],`},
		"provides twice":       {`"version": "1",`, `"version": "1", "settings": [{"provides": ["opened", "opened"]}],`},
		"demand of nothing":    {`{"order": ["opened", "resolved"]}`, `{"advised": true}`},
		"order of one":         {`{"order": ["opened", "resolved"]}`, `{"order": ["opened"]}`},
		"fields of no step":    {`{"order": ["opened", "resolved"]}`, `{"order": ["opened", "resolved"], "fields": ["x"]}`},
		"clause in a clause":   {`{"order": ["opened", "resolved"]}`, `{"order": ["opened", "resolved"], "clause": "small/3"}`},
		"empty when":           {`{"order": ["opened", "resolved"]}`, `{"order": ["opened", "resolved"], "when": {}}`},
		"no value of a ticket": {`{"order": ["opened", "resolved"]}`, `{"order": ["opened", "resolved"], "when": {"tier": []}}`},
		"blank value":          {`{"order": ["opened", "resolved"]}`, `{"order": ["opened", "resolved"], "when": {"tier": [" "]}}`},
		"level without a name": {`{"name": "first"}`, `{"roles": ["lead"]}`},
		"field without values": {`"attributes": [{"name": "tier", "values": ["urgent"]}]`, `"attributes": [{"name": "tier"}]`},
		"short flow":           {`[["opened"], ["resolved", "closed"]]`, `[["opened"]]`},
		"empty place":          {`[["opened"], ["resolved", "closed"]]`, `[["opened"], []]`},
		"flow of an incident":  {`"incident": {"demands"`, `"incident": {"flows"`},
		"no step":              {`{"step": "declared", "when": {"severity": []}, "lead": ["lead"]}`, `{"lead": ["lead"]}`},
		"owned incident":       {`"lead": ["lead"]`, `"lead": ["lead"], "owned": true`},
		"other lifecycle":      {`"plan": {"demands"`, `"drill": {"demands"`},
		"empty lifecycle":      {`"plan": {"demands": [{"step": "issued", "once": true}]}`, `"plan": {}`},
		"demand nowhere":       {`"where": "later"`, `"where": "near"`},
		"demand on nothing":    {`{"on": "placed", "where"`, `{"where"`},
		"demand on a clause":   {`{"on": "placed", "where"`, `{"clause": "small/3", "on": "placed", "where"`},
		"demand on some":       {`{"on": "placed", "where"`, `{"when": {"tier": "urgent"}, "on": "placed", "where"`},
		"order in itself":      {`"where": "later"`, `"where": "itself"`},
		"no alternative":       {`["examined[passed=true]", "appraised"]`, `[]`},
		"order of one entry":   {`[["trained"], ["examined[passed=true]", "appraised"]]`, `[["trained"]]`},
		"words of nothing":     {`{"on": "messaged", "words"`, `{"words"`},
		"words of no field":    {`"field": "text", `, ``},
		"no words":             {`, "none": ["hey"]`, ``},
		"empty phrase":         {`"none": ["hey"]`, `"none": [""]`},
		"nothing demanded":     {`"words": {"field": "text", "none": ["hey"]}, "actors": false`, `"actors": false`},
		"no content":           {`"kind": "practice", "check": "none",`, `"kind": "practice", "check": "none", "content": [],`},
		"figure without unit":  {`"at_least": "90 pct"`, `"at_least": "90"`},
		"figure as a number":   {`"at_least": "90 pct"`, `"at_least": 90`},
		"figure with exponent": {`"at_least": "90 pct"`, `"at_least": "9e1 pct"`},
		"figure in parsecs":    {`"at_least": "90 pct"`, `"at_least": "90 parsec"`},
		"digits without end":   {`"at_least": "90 pct"`, `"at_least": "0.` + strings.Repeat("3", 31) + ` pct"`},
		"no such year":         {`"year": 2025`, `"year": 25`},
		"bound on nothing":     {`{"measure": "satisfaction", `, `{`},
		"measure twice":        {`"measures": ["accuracy"]`, `"measures": ["accuracy", "accuracy"]`},
		"no measure":           {`"measures": ["accuracy"]`, `"measures": []`},
		"after nothing":        {`"after": ["failed", "passed"]`, `"after": []`},
		"after luck":           {`"after": ["failed", "passed"]`, `"after": ["lucky"]`},
		"after a fall twice":   {`"after": ["failed", "passed"]`, `"after": ["failed", "failed"]`},
		"nothing follows":      {`, "due": ["a talk", "a walk"]`, ``},
		"a blank follows":      {`"due": ["a talk", "a walk"]`, `"due": ["a talk", " "]`},
		"the same twice":       {`"due": ["a talk", "a walk"]`, `"due": ["a talk", "a talk"]`},
		"choice of one":        {`"due": ["a talk", "a walk"]`, `"due": ["a talk"]`},
		"talk of some cases":   {`"consequences": [{"after"`, `"when": {"tier": "urgent"}, "consequences": [{"after"`},
		"talk in a clause":     {`"consequences": [{"after"`, `"consequences": [{"clause": "small/4", "after"`},
		"no consequence":       {`[{"after": ["failed", "passed"], "due": ["a talk", "a walk"], "choice": true}]`, `[]`},
		"duty of nobody":       {`"of": "person", `, ``},
		"duty without entry":   {`"shown": "trained", `, ``},
		"odd cycle":            {`"every": ["quarter", "7 days"]`, `"every": ["fortnight"]`},
		"never":                {`"every": ["quarter", "7 days"]`, `"every": []`},
		"negative grace":       {`"grace": 7`, `"grace": -7`},
		"half a day":           {`"grace": 7`, `"grace": 7.5`},
		"reminded twice":       {`"remind": [14]`, `"remind": [14, 14]`},
		"call to nobody":       {`{"days": 3, "role": "boss"}`, `{"days": 3}`},
		"negative need":        {`"need": "20"`, `"need": "-20"`},
		"huge need":            {`"need": "20"`, `"need": "1e2000000000"`},
		"odd offset":           {`"within": "1h?"`, `"within": "1h", "warnings": [{"at": "soon"}]`},
	} {
		text := []byte(small)
		if mistake[0] != "" {
			require.Equal(t, 1, bytes.Count(text, []byte(mistake[0])), name)
			text = bytes.Replace(text, []byte(mistake[0]), []byte(mistake[1]), 1)
		}
		_, err := charter.ParseHandbook(text)
		if name == "none" {
			assert.NoError(t, err)
			assert.NoError(t, validate(t, s, text))
			continue
		}
		assert.Error(t, err, name)
		assert.Error(t, validate(t, s, text), name)
	}
}

// The schema lists what the parser knows; neither may fall behind.
func TestSchemaKnowsEveryWord(t *testing.T) {
	s := published(t)
	try := func(old, new string) {
		text := []byte(strings.Replace(small, old, new, 1))
		_, err := charter.ParseHandbook(text)
		assert.NoError(t, err, new)
		assert.NoError(t, validate(t, s, text), new)
	}
	for _, m := range sla.StandardMetrics() {
		try(`"first-response"`, `"`+m.Name+`"`)
	}
	for _, k := range []charter.Kind{
		charter.KindObjective, charter.KindBaseline, charter.KindRetention, charter.KindWorkflow, charter.KindFields, charter.KindRole,
		charter.KindCadence, charter.KindProhibition, charter.KindAccess, charter.KindPractice,
	} {
		if k != charter.KindRetention && k != charter.KindAccess && k != charter.KindObjective && k != charter.KindCadence {
			try(`"practice"`, `"`+string(k)+`"`)
		}
	}
	for _, x := range []charter.Subject{
		charter.SubjectSLA, charter.SubjectTicket, charter.SubjectComplaint, charter.SubjectIncident, charter.SubjectQuality,
		charter.SubjectRetention, charter.SubjectPeople, charter.SubjectChannel, charter.SubjectEquipment, charter.SubjectSecurity,
		charter.SubjectGovernance,
	} {
		try(`"sla"`, `"`+string(x)+`"`)
	}
	for _, c := range []charter.Check{charter.CheckDecidable, charter.CheckMeasured, charter.CheckAttested, charter.CheckNone} {
		try(`"decidable"`, `"`+string(c)+`"`)
	}
	typed := func(kind, rule string) {
		try(freely, strings.Replace(strings.Replace(freely, "practice", kind, 1), `{"free": [1.50, null, true, {"b": 1, "a": "<&>"}]}`, rule, 1))
	}
	for _, period := range []string{"3 years", "1 year", "18 months", "1 year 6 months 2 days", "30 days", "1000 years", "?"} {
		typed("retention", `{"records": ["ticket"], "from": "closed", "at_least": "`+period+`"}`)
		typed("retention", `{"from": "placed.expires", "at_most": "`+period+`", "review": true}`)
	}
	for _, action := range access.Actions() {
		typed("access", `{"effect": "allow", "actions": ["`+string(action)+`"], "roles": ["agent"]}`)
	}
	for _, effect := range []access.Effect{access.Allow, access.Only, access.Refuse} {
		typed("access", `{"effect": "`+string(effect)+`", "records": ["ticket"], "grades": ["secret"], "concerned": true, "authorised": true}`)
	}
	for _, unit := range []string{"share", "score", "s", "min", "h", "d", "amount", "pct"} {
		typed("objective", `{"measure": "m", "at_least": "0.5 `+unit+`", "at_most": "1 `+unit+`", "year": 2026}`)
	}
	for _, cycle := range []string{"day", "week", "month", "quarter", "year", "1 day", "10 days", "5 months", "2 years", "3 quarters", "6 weeks"} {
		typed("cadence", `{"of": "asset", "class": "printer", "shown": "maintained", "every": ["`+cycle+`"], "since_last": true}`)
	}
	for _, span := range []string{"4h", "1h30m", "90s?", "2 days", "8 business hours", "1.5 working days", "1 working day 6h"} {
		try(`"1h?"`, `"`+span+`"`)
	}
}

// freely is what small has of a kind without a typed rule.
const freely = `"kind": "practice", "check": "none",
      "text": {"en": "Be kind."},
      "rule": {"free": [1.50, null, true, {"b": 1, "a": "<&>"}]}`

const small = `{
  "id": "small", "version": "1",
  "title": {"en": "Small"},
  "attributes": {"tier": {"values": [{"id": "urgent"}]}},
  "clauses": [
    {
      "id": "small/1", "section": "1", "subject": "sla", "kind": "deadline", "check": "decidable",
      "text": {"en": "An urgent case is answered within 1 hour."},
      "effective": {"from": "2025-01-01"},
      "when": {"tier": "urgent"},
      "rule": {"metric": "first-response", "from": ["opened"], "until": ["responded"], "within": "1h?"}
    },
    {
      "id": "small/2", "subject": "incident", "kind": "escalation", "check": "attested",
      "text": {"en": "A lead takes over."},
      "rule": {"role": "lead"}
    },
    {
      "id": "small/3", "subject": "ticket", "kind": "classification", "check": "none",
      "text": {"en": "There are tiers."},
      "rule": {"attribute": "tier"},
      "lifecycle": {
        "ticket": {
          "attributes": [{"name": "tier", "values": ["urgent"]}], "levels": [{"name": "first"}],
          "demands": [{"order": ["opened", "resolved"]}, {"step": "closed", "when": {"tier": ["", "urgent"]}, "owned": false}]
        },
        "complaint": {"flows": [{"steps": [["opened"], ["resolved", "closed"]]}], "demands": [{"step": "closed", "values": {"level": ["a"]}}]},
        "incident": {"demands": [{"step": "declared", "when": {"severity": []}, "lead": ["lead"]}]},
        "plan": {"demands": [{"step": "issued", "once": true}]}
      },
      "content": [
        {"on": "placed", "where": "later", "holds": [["trained"], ["examined[passed=true]", "appraised"]], "ordered": true},
        {"on": "messaged", "words": {"field": "text", "none": ["hey"]}, "actors": false}
      ]
    },
    {
      "id": "small/4", "subject": "people", "kind": "practice", "check": "none",
      "text": {"en": "Be kind."},
      "rule": {"free": [1.50, null, true, {"b": 1, "a": "<&>"}]}
    },
    {
      "id": "small/5", "subject": "quality", "kind": "objective", "check": "measured",
      "text": {"en": "In 2025 nine in ten are content."},
      "rule": {"measure": "satisfaction", "at_least": "90 pct", "year": 2025},
      "measures": ["accuracy"],
      "consequences": [{"after": ["failed", "passed"], "due": ["a talk", "a walk"], "choice": true}]
    },
    {
      "id": "small/6", "subject": "people", "kind": "cadence", "check": "attested",
      "text": {"en": "Everybody is trained."},
      "rule": {"of": "person", "shown": "trained", "every": ["quarter", "7 days"], "need": "20", "grace": 7, "remind": [14], "ladder": [{"days": 3, "role": "boss"}]}
    }
  ]
}`
