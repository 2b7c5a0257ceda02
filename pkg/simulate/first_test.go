package simulate

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/manifest"
)

func TestFirst(t *testing.T) {
	dir := os.Getenv("SIM_DIR")
	if dir == "" {
		t.Skip()
	}
	set, err := manifest.ReadDir(dir)
	require.NoError(t, err)
	for range 3 {
		start := time.Now()
		r, err := Run(set, os.Getenv("SIM_RUN"), Script{})
		fmt.Println(time.Since(start))
		require.NoError(t, err)
		b, _ := json.MarshalIndent(r, "", " ")
		os.WriteFile("/tmp/sim/out.json", b, 0o600)
	}
}
