package mutation

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSurvey(t *testing.T) {
	type job struct {
		e *example
		f file
		m mutant
	}
	jobs := make(chan job)
	var wg sync.WaitGroup
	var mu sync.Mutex
	survivors := map[string][]string{}
	tried, killed := 0, 0
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for j := range jobs {
				k := j.e.kills(j.f.name, j.m)
				mu.Lock()
				tried++
				if k == "" {
					key := fmt.Sprintf("%-10s | %s", j.m.operator, j.m.place())
					survivors[key] = append(survivors[key], j.e.name+"/"+j.f.name+" "+j.m.String())
				} else {
					killed++
				}
				mu.Unlock()
			}
		})
	}
	for _, n := range []string{"release", "image-build", "multi-repo", "gitops", "first-steps"} {
		e, err := load(n)
		require.NoError(t, err)
		t.Log(n, e.known)
		for _, f := range e.files {
			ms, err := mutants(f.data)
			require.NoError(t, err)
			for _, m := range ms {
				jobs <- job{e, f, m}
			}
		}
	}
	close(jobs)
	wg.Wait()
	var ks []string
	for k := range survivors {
		ks = append(ks, k)
	}
	slices.Sort(ks)
	var b strings.Builder
	for _, k := range ks {
		fmt.Fprintf(&b, "%4d %s\n", len(survivors[k]), k)
		seen := map[string]bool{}
		for _, s := range survivors[k] {
			_, x, _ := strings.Cut(s, "/")
			if !seen[x] && len(seen) < 12 {
				seen[x] = true
				fmt.Fprintf(&b, "        %s\n", s)
			}
		}
	}
	t.Log("\n" + b.String())
	t.Log(tried, killed)
}
