package manifest_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/cputime"
	"github.com/tekwright/tekwright/internal/hostile"
	"github.com/tekwright/tekwright/pkg/check"
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
		assert.Contains(t, l.Findings[len(l.Findings)-1].Message, "the check stopped after its time limit")
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

// TestDeadlineWithoutFiles tests a deadline that passes before any file is found.
func TestDeadlineWithoutFiles(t *testing.T) {
	ctx, cancel := context.WithDeadline(t.Context(), time.Unix(1, 0))
	defer cancel()
	dir := t.TempDir()
	for _, paths := range [][]string{{dir}, {filepath.Join(dir, "none")}, {}} {
		l, err := manifest.Load(ctx, paths, manifest.LoadOptions{})
		require.NoError(t, err)
		require.NotEmpty(t, l.Findings)
		assert.Equal(t, "check-limit", l.Findings[len(l.Findings)-1].Code)
	}
}

// late is a context like soon that records the CPU time at which its deadline passes.
type late struct {
	soon
	at atomic.Int64
}

func (l *late) Err() error {
	err := l.soon.Err()
	if err != nil {
		l.at.CompareAndSwap(0, int64(cputime.Used()))
	}
	return err
}

// TestDeadlineEndsWork tests that little CPU time is used after the deadline, wherever in the
// work on a large file it passes.
func TestDeadlineEndsWork(t *testing.T) {
	if testing.Short() {
		t.Skip("reads large files again and again")
	}
	secret, script := strings.Builder{}, strings.Builder{}
	secret.WriteString("apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData:\n")
	script.WriteString("apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: s}\nspec:\n  steps:\n  - name: a\n    image: x\n    script: |\n")
	for i := range 70_000 {
		fmt.Fprintf(&secret, "  k%d: Zx%dqWer%dtY\n", i, i, i*7919)
		fmt.Fprintf(&script, "      echo $(params.p%d) token=abcDEF%d\n", i, i)
	}
	for name, text := range map[string]string{"secret": secret.String(), "script": script.String()} {
		file := filepath.Join(t.TempDir(), name+".yaml")
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		work := func(after int) *late {
			ctx := &late{soon: soon{Context: t.Context()}}
			ctx.left.Store(int64(after))
			l, err := manifest.Load(ctx, []string{file}, manifest.LoadOptions{})
			require.NoError(t, err)
			if ctx.at.Load() == 0 {
				_, err = check.Run(ctx, l.Objects, check.Profile{})
				require.NoError(t, err)
			}
			return ctx
		}
		asked := 1<<30 - int(work(1<<30).left.Load())
		for part := range 3 {
			question := 1 + (asked-2)*part/2
			ctx := work(question)
			used := cputime.Used() - time.Duration(ctx.at.Load())
			t.Logf("%s: the deadline passes at question %d of %d, then %v", name, question, asked, used)
			assert.Less(t, used, 1500*time.Millisecond, "%s: work goes on after question %d of %d", name, question, asked)
		}
	}
}
