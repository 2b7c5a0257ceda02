package pods

import (
	"math/rand"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"k8s.io/kubernetes/pkg/util/parsers"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/infra"
)

// TestCron compares what infra.NewSchedule accepts as a cron expression with the parser of
// Kubernetes, which also rejects a time zone in it.
func TestCron(t *testing.T) {
	p := builder.NewPipeline("p")
	p.AddInline("a", func(t *builder.Task) { t.Step("a").Image("registry.local/a:1").Requests("10m", "16Mi").Script("true") })
	run := p.Run("p-")
	accepted := func(text string) bool {
		_, err := infra.NewSchedule("s", text, run).Objects()
		return err == nil || !strings.Contains(err.Error(), "schedule-invalid")
	}
	pieces := []string{
		"0", "1", "5", "7", "12", "23", "24", "31", "59", "60", "*", "?", "-", "/", ",", " ", " ", " ", " * ", "*/", "1-5", "5-1", "mon", "SUN", "jan", "Dec", "foo",
		"@daily", "@every ", "@midnight", "1h", "1h30m", "TZ=UTC ", "L", "#", "\t", "+1", "-1", "0 3 * * 1-5", "* * * *",
	}
	r := rand.New(rand.NewSource(1)) //nolint:gosec // the same texts each time
	valid := 0
	for range 20_000 {
		var b strings.Builder
		for range 1 + r.Intn(9) {
			b.WriteString(pieces[r.Intn(len(pieces))])
		}
		text := b.String()
		if lists(text) {
			continue
		}
		_, err := parsers.ParseCronScheduleWithPanicRecovery(text)
		want := err == nil && !strings.Contains(text, "TZ")
		if want {
			valid++
		}
		if !assert.Equal(t, want, accepted(text), "%q: %v", text, err) {
			return
		}
	}
	assert.Greater(t, valid, 200)
}

// lists reports whether a list of a text has no value: the parser accepts it, and the
// schedule never comes.
func lists(text string) bool {
	for field := range strings.FieldsSeq(text) {
		if field != "" && strings.Trim(field, ",") == "" {
			return true
		}
	}
	return false
}
