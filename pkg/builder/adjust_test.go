package builder_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// The help of a task that has retries and goes on after a failure names the call that does both.
func TestContinueWithRetries(t *testing.T) {
	t.Parallel()
	help := func(add func(p *builder.Pipeline)) string {
		p := builder.NewPipeline("release")
		add(p)
		var found []string
		for _, f := range manifest.New(p).Findings() {
			if f.Code == check.OnErrorInvalid && f.Severity == diag.Error {
				found = append(found, f.Help)
			}
		}
		require.Len(t, found, 1)
		return found[0]
	}
	assert.Contains(t, help(func(p *builder.Pipeline) {
		builder.Add(p, "scan", Scan{Directory: "src"}).Retries(2).ContinueOnError()
	}), "call Fallback instead of ContinueOnError")
	assert.Contains(t, help(func(p *builder.Pipeline) {
		builder.AddFinally(p, "scan", Scan{Directory: "src"}).Retries(2).ContinueOnError()
	}), "call Fallback instead of ContinueOnError")
	assert.Contains(t, help(func(p *builder.Pipeline) {
		scan := builder.AddMatrix(p, "scan", Scan{Directory: builder.Each(p.ArrayParam("directories"))})
		scan.Retries(2).ContinueOnError()
	}), "call FallbackOf instead of ContinueOnError")
}
