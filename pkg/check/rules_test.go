package check_test

import (
	"context"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/rule"
)

func TestLookup(t *testing.T) {
	r, ok := check.Lookup("param-missing")
	require.True(t, ok)
	assert.Equal(t, "param-missing", r.Code)
	assert.Equal(t, diag.Error, r.Severity)
	assert.Equal(t, "params", r.Topic)
	_, ok = check.Lookup("param-missin")
	assert.False(t, ok)

	rules := check.Rules()
	rules[0] = nil
	assert.NotNil(t, check.Rules()[0], "the list belongs to its caller")
}

// eachCase calls visit with the objects of each case of the rules.
func eachCase(t *testing.T, visit func(name string, objects []object.Object)) {
	t.Helper()
	files, err := filepath.Glob("../../internal/rules/*/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, c := range strings.Split("\n"+string(text), "\n### ")[1:] {
			name, body, _ := strings.Cut(c, "\n")
			objects, _ := manifest.Parse([]byte(body), filepath.Base(file))
			visit(file+": "+name, objects)
		}
	}
}

// TestOrderOfRules checks that the order of the rules does not matter.
func TestOrderOfRules(t *testing.T) {
	rnd := rand.New(rand.NewSource(1))
	rules := append(check.Rules(), callers)
	eachCase(t, func(name string, objects []object.Object) {
		want := runAll(objects, check.Profile{Rules: []*rule.Rule{callers}})
		rnd.Shuffle(len(rules), func(i, j int) { rules[i], rules[j] = rules[j], rules[i] })
		got, err := check.RunRules(context.Background(), objects, check.Profile{}, rules...)
		require.NoError(t, err)
		assert.Equal(t, want, got, name)
	})
}

// TestConcurrentCases checks objects in several goroutines.
func TestConcurrentCases(t *testing.T) {
	eachCase(t, func(name string, objects []object.Object) {
		var wg sync.WaitGroup
		found := make([]diag.Findings, 3)
		for i := range found {
			wg.Go(func() { found[i] = runAll(objects, check.Profile{}) })
		}
		wg.Wait()
		assert.Equal(t, found[0], found[1], name)
		assert.Equal(t, found[0], found[2], name)
	})
}
