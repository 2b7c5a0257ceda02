package manifest_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
)

// half returns one of two different sets, which have some tasks of the same name.
func half(word string) *manifest.Set {
	first := map[string]int{"a": 0, "b": 10}[word]
	s := manifest.New()
	for i := range 20 {
		s.Add(set(task(fmt.Sprintf("t%d", first+i), word)))
	}
	return s
}

// which returns "a" or "b" for the objects of one of the sets, and "mix" for anything
// else.
func which(objects []object.Object) string {
	words := map[string]int{}
	for _, o := range objects {
		if t, ok := o.Object.(*pipelinev1.Task); ok {
			words[strings.TrimSpace(t.Spec.Steps[0].Script)]++
		}
	}
	for word := range map[string]bool{"a": true, "b": true} {
		if len(objects) == 20 && words[word] == 20 {
			return word
		}
	}
	return "mix"
}

// TestHalfWriter is the process that TestTwoWriters and TestKilledLocked run, not a test.
func TestHalfWriter(t *testing.T) {
	dir, word := os.Getenv(folderVariable), os.Getenv("TEKWRIGHT_TEST_HALF")
	if word == "" {
		t.Skip("runs in a process of its own")
	}
	if os.Getenv("TEKWRIGHT_TEST_STOP") != "" {
		_ = half(word).Progress(func(p manifest.Progress) {
			if p.Stage == "write" && p.Done == 5 {
				fmt.Println("locked")
				select {}
			}
		}).WriteDir(dir)
		return
	}
	fmt.Println("ready")
	_, _ = io.ReadAll(os.Stdin) // until all may begin
	for range 30 {
		switch err := half(word).WriteDir(dir); {
		case err == nil:
			fmt.Println("written")
		case errors.Is(err, manifest.ErrBusy):
			fmt.Println("busy")
		default:
			fmt.Println(err)
		}
	}
}

// halfWriter starts that process, and returns its lines after the first one.
func halfWriter(t *testing.T, dir, word string, env ...string) (cmd *exec.Cmd, begin func(), lines func() []string) {
	t.Helper()
	cmd = exec.Command(os.Args[0], "-test.run=^TestHalfWriter$")
	cmd.Env = append(append(os.Environ(), folderVariable+"="+dir, "TEKWRIGHT_TEST_HALF="+word), env...)
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	r := bufio.NewScanner(out)
	require.True(t, r.Scan())
	return cmd, func() { _ = in.Close() }, func() []string {
		var all []string
		for r.Scan() {
			if r.Text() == "PASS" {
				break
			}
			all = append(all, r.Text())
		}
		require.NoError(t, cmd.Wait())
		return all
	}
}

// TestTwoWriters lets two processes write different sets into one folder, while it is
// read. Whatever is read is one of the sets, or an error.
func TestTwoWriters(t *testing.T) {
	t.Run("calm", func(t *testing.T) { twoWriters(t, func(string) {}) })
	t.Run("killed", func(t *testing.T) {
		twoWriters(t, func(dir string) {
			for i := range 10 {
				cmd, begin, _ := halfWriter(t, dir, "b")
				begin()
				time.Sleep(time.Duration(i*3) * time.Millisecond)
				require.NoError(t, cmd.Process.Kill())
				_ = cmd.Wait() // it was killed
			}
		})
	})
}

// twoWriters runs the writers and readers, and disturb at the same time.
func twoWriters(t *testing.T, disturb func(dir string)) {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, half("a").WriteDir(dir))
	var begins []func()
	var ends []func() []string
	for _, word := range []string{"a", "b", "a"} {
		_, begin, lines := halfWriter(t, dir, word)
		begins, ends = append(begins, begin), append(ends, lines)
	}
	for _, begin := range begins {
		begin()
	}
	var mu sync.Mutex
	read := map[string]int{}
	done := make(chan struct{})
	var readers sync.WaitGroup
	reader := func(name string, once func() (string, error)) {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				got, err := once()
				if err != nil {
					got = "error"
					if !errors.Is(err, manifest.ErrBusy) && !strings.Contains(err.Error(), "contains both old and new files") &&
						!strings.Contains(err.Error(), "change while they are read") {
						got = err.Error()
					}
				}
				mu.Lock()
				read[name+" "+got]++
				mu.Unlock()
			}
		})
	}
	reader("ReadDir", func() (string, error) {
		s, err := manifest.ReadDir(dir)
		if err != nil {
			return "", err
		}
		objects, err := s.Objects()
		return which(objects), err
	})
	reader("Load", func() (string, error) {
		l, err := manifest.Load(t.Context(), []string{dir}, manifest.LoadOptions{})
		if err == nil {
			err = l.Findings.Err()
		}
		return which(l.Objects), err
	})
	reader("CheckDir", func() (string, error) {
		err := half("a").CheckDir(dir)
		var drift *manifest.DriftError
		switch {
		case err == nil:
			return "a", nil
		case errors.As(err, &drift) && len(drift.Missing) == 10 && len(drift.Extra) == 10 && len(drift.Stale) == 10:
			return "b", nil
		case errors.As(err, &drift):
			return "mix", nil
		}
		return "", err
	})
	disturb(dir)
	written := map[string]int{}
	for _, lines := range ends {
		for _, l := range lines() {
			written[l]++
		}
	}
	if t.Name() == "TestTwoWriters/calm" {
		s, err := manifest.ReadDir(dir)
		require.NoError(t, err)
		objects, err := s.Objects()
		require.NoError(t, err)
		require.NotEqual(t, "mix", which(objects))
	}
	require.Eventually(t, func() bool { return half("b").WriteDir(dir) == nil }, time.Minute, time.Millisecond, "whatever was left behind")
	close(done)
	readers.Wait()
	t.Log(written, read)
	assert.Equal(t, 90, written["written"]+written["busy"], "%v", written)
	assert.NotZero(t, written["written"])
	for what := range read {
		assert.Contains(t, []string{"a", "b", "error"}, what[strings.IndexByte(what, ' ')+1:], what)
	}
	assert.NotZero(t, read["ReadDir a"]+read["ReadDir b"])
	assert.NotZero(t, read["Load a"]+read["Load b"])

	s, err := manifest.ReadDir(dir)
	require.NoError(t, err)
	objects, err := s.Objects()
	require.NoError(t, err)
	assert.Equal(t, "b", which(objects))
	require.NoError(t, half("b").CheckDir(dir))
	assert.Equal(t, append([]string{"."}, filesOf("b")...), everything(t, dir))
}

// filesOf returns the names of the files of a set.
func filesOf(word string) []string {
	out := []string{".tekwright-files"}
	first := map[string]int{"a": 0, "b": 10}[word]
	for i := range 20 {
		out = append(out, "task-t"+strconv.Itoa(first+i)+".yaml")
	}
	slices.Sort(out)
	return out
}

// everything returns the paths of all files below a folder.
func everything(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	require.NoError(t, filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		rel, relErr := filepath.Rel(dir, path)
		out = append(out, rel)
		return errors.Join(err, relErr)
	}))
	return out
}

// TestLocked tests a second writer while the first one is at work.
func TestLocked(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, half("a").WriteDir(dir))
	locked, goOn := make(chan bool), make(chan bool)
	done := make(chan error)
	go func() {
		done <- half("b").Progress(func(p manifest.Progress) {
			if p.Stage == "write" && p.Done == 5 {
				locked <- true
				<-goOn
			}
		}).WriteDir(dir)
	}()
	<-locked
	err := set(task("c", "c")).WriteDir(dir)
	require.ErrorIs(t, err, manifest.ErrBusy)
	assert.ErrorContains(t, err, "is unchanged: another process is writing to it; run the program again when the other one has finished")
	// Nothing is replaced yet, and readers need no lock.
	require.NoError(t, half("a").CheckDir(dir))
	s, err := manifest.ReadDir(dir)
	require.NoError(t, err)
	objects, err := s.Objects()
	require.NoError(t, err)
	assert.Equal(t, "a", which(objects))
	close(goOn)
	require.NoError(t, <-done)
	require.NoError(t, half("b").CheckDir(dir))
	require.NoError(t, set(task("c", "c")).WriteDir(dir))
}

// TestKilledLocked kills a process that has the lock. Its lock file must not hinder
// the next one.
func TestKilledLocked(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, half("a").WriteDir(dir))
	cmd, _, _ := halfWriter(t, dir, "b", "TEKWRIGHT_TEST_STOP=1")
	require.ErrorIs(t, set(task("c", "c")).WriteDir(dir), manifest.ErrBusy)
	require.NoError(t, cmd.Process.Kill())
	_ = cmd.Wait() // it was killed
	require.FileExists(t, filepath.Join(dir, ".tekwright-lock"))
	require.NoError(t, half("a").CheckDir(dir), "nothing is replaced yet")
	require.NoError(t, half("b").WriteDir(dir))
	require.NoError(t, half("b").CheckDir(dir))
	assert.Equal(t, append([]string{"."}, filesOf("b")...), everything(t, dir))
}

// TestReadersLeaveNothing tests that reading creates no files, and that nothing about
// other folders changes.
func TestReadersLeaveNothing(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "own.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n")
	_, err := manifest.ReadDir(dir)
	require.NoError(t, err)
	l, err := manifest.Load(t.Context(), []string{dir}, manifest.LoadOptions{})
	require.NoError(t, err)
	require.NoError(t, l.Findings.Err())
	require.Error(t, half("a").CheckDir(dir))
	assert.Equal(t, []string{".", "own.yaml"}, everything(t, dir))
}
