package manifest_test

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/manifest"
)

// folderVariable is the environment variable that makes the test binary write folders.
const folderVariable = "TEKWRIGHT_TEST_FOLDER"

// many returns a set of objects that contain the word.
func many(word string) *manifest.Set {
	s := manifest.New()
	for i := range 60 {
		s.Add(set(task(fmt.Sprintf("t%d", i), word)))
	}
	return s
}

// TestWriter is the process that TestKilled and TestFullDisk run, not a test.
func TestWriter(t *testing.T) {
	dir := os.Getenv(folderVariable)
	if dir == "" {
		t.Skip("runs in a process of its own")
	}
	if limit := os.Getenv("TEKWRIGHT_TEST_LIMIT"); limit != "" {
		require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 64, Max: 64}))
		fmt.Println(many("new").WriteDir(dir))
		return
	}
	fmt.Println("ready")
	for i := 0; ; i++ {
		if err := many([]string{"new", "old"}[i%2]).WriteDir(dir); err != nil {
			fmt.Println(err)
			return
		}
	}
}

// writer starts that process.
func writer(t *testing.T, dir string, env ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestWriter$")
	cmd.Env = append(append(os.Environ(), folderVariable+"="+dir), env...)
	return cmd
}

// TestKilled kills a writing process at different times. The folder must be the old
// one, the new one, or be reported as a mix.
func TestKilled(t *testing.T) {
	outcomes := map[string]int{}
	for i := range 25 {
		dir := t.TempDir()
		require.NoError(t, many("old").WriteDir(dir))
		cmd := writer(t, dir)
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		_, err = io.ReadFull(out, make([]byte, len("ready\n")))
		require.NoError(t, err)
		if i%2 == 0 {
			time.Sleep(time.Duration(i) * 5 * time.Millisecond)
		} else {
			replacing(t, dir)
		}
		require.NoError(t, cmd.Process.Kill())
		_, _ = io.Copy(io.Discard, out)
		_ = cmd.Wait() // it was killed

		oldErr, newErr := many("old").CheckDir(dir), many("new").CheckDir(dir)
		switch {
		case oldErr == nil:
			outcomes["old"]++
		case newErr == nil:
			outcomes["new"]++
		default:
			outcomes["told"]++
			require.ErrorContains(t, oldErr, "contains both old and new files")
			_, err := manifest.ReadDir(dir)
			require.ErrorContains(t, err, "contains both old and new files")
		}
		require.NoError(t, many("new").WriteDir(dir), "it can be written again")
		require.NoError(t, many("new").CheckDir(dir))
		assert.Len(t, list(t, dir), 60, "nothing is left behind")
	}
	t.Log(outcomes)
}

// replacing waits until files of the folder are being replaced.
func replacing(t *testing.T, dir string) {
	t.Helper()
	require.Eventually(t, func() bool {
		_, err := os.Lstat(filepath.Join(dir, ".tekwright-unfinished"))
		return err == nil
	}, 2*time.Minute, 50*time.Microsecond)
}

// TestFullDisk runs a process with a file size limit of 64 bytes.
func TestFullDisk(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs a limit on the size of files")
	}
	dir := t.TempDir()
	require.NoError(t, many("old").WriteDir(dir))
	out, err := writer(t, dir, "TEKWRIGHT_TEST_LIMIT=1").CombinedOutput()
	require.NoError(t, err, "%s", out)
	assert.Contains(t, string(out), "is unchanged")
	assert.Contains(t, string(out), "file too large")
	require.NoError(t, many("old").CheckDir(dir))
	left, err := filepath.Glob(filepath.Join(dir, ".*"))
	require.NoError(t, err)
	assert.Equal(t, []string{filepath.Join(dir, ".tekwright-files")}, left)
}
