package manifest_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/hostile"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// soon is a context whose deadline passes after it has been asked some times.
type soon struct {
	context.Context
	left atomic.Int64
}

func (s *soon) Err() error {
	if s.left.Add(-1) < 0 {
		return context.DeadlineExceeded
	}
	return nil
}

// TestLoadDeadlineHides tests that a deadline that passes anywhere in a file ends the reading
// of it, and that nothing secret of it is shown.
func TestLoadDeadlineHides(t *testing.T) {
	dir := t.TempDir()
	text := strings.Repeat("---\nkind: Secret\ndata:\n  a: "+hostile.Canary+": [\n", 20) +
		"---\napiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {a: " + hostile.Canary + ", b: [" + hostile.Canary + "]}\n" +
		"---\napiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: a}\nspec: {steps: [{name: a, image: x, script: 'mysql -p" + hostile.Canary + "', " + hostile.Canary + ": x}]}\n"
	for _, name := range []string{"a.yaml", "b.yaml"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	load := func(after int) (manifest.LoadResult, *soon) {
		ctx := &soon{Context: t.Context()}
		ctx.left.Store(int64(after))
		l, err := manifest.Load(ctx, []string{dir}, manifest.LoadOptions{})
		require.NoError(t, err)
		return l, ctx
	}
	_, all := load(1 << 20)
	asked := 1<<20 - int(all.left.Load())
	require.Greater(t, asked, 20, "the context is asked in the files")
	for after := 1; after < asked; after++ {
		l, ctx := load(after)
		assert.Contains(t, l.Findings[len(l.Findings)-1].Message, "the time is up")
		assert.Less(t, -int(ctx.left.Load()), 60, "work goes on after the deadline")
		for _, f := range l.Findings {
			if strings.Contains(fmt.Sprint(f), hostile.Canary+": [") || strings.Contains(f.Message, hostile.Canary+"\"") && strings.Contains(f.Object.Kind, "Secret") {
				assert.Fail(t, f.Error())
			}
		}
		for name, text := range l.Texts {
			ranges, _ := l.Secrets(name)
			for i := len(ranges) - 1; i >= 0; i-- {
				text = text[:ranges[i][0]] + text[ranges[i][1]:]
			}
			assert.LessOrEqual(t, strings.Count(text, hostile.Canary), 1, "only the key of the step is shown")
		}
	}
}
