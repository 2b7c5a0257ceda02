package hash

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"hash/fnv"
	"hash/maphash"
	"io"

	"github.com/tekwright/tekwright/pkg/builder"
)

func bad(image builder.String, seed maphash.Seed) {
	_ = sha256.Sum256([]byte(image)) // want `sha256.Sum256 gets a variable, not the value that image has in a run`
	h := sha256.New()
	h.Write([]byte(image + "\n"))                        // want `h.Write gets a variable`
	_, _ = io.WriteString(h, string(image))              // want `io.WriteString gets`
	_, _ = fnv.New32a().Write([]byte(image))             // want `Write gets`
	_ = maphash.String(seed, string(image))              // want `maphash.String gets`
	_ = base64.StdEncoding.EncodeToString([]byte(image)) // want `EncodeToString gets`
	_ = hex.EncodeToString([]byte(image))                // want `hex.EncodeToString gets`
	data := []byte(image)
	h.Write(data)    // want `h.Write gets`
	h.Write(data[:]) // want `h.Write gets`
}

func good(image builder.String, script string, w io.Writer) {
	_ = sha256.Sum256([]byte(script))
	h := sha256.New()
	h.Write([]byte(builder.String(script) + "x"))
	_, _ = io.WriteString(w, string(image))
	_, _ = w.Write([]byte(image))
	_, _ = io.WriteString(h, script)
	_ = h.Sum(nil)
	_ = hex.EncodeToString(h.Sum(nil))
	_ = base64.StdEncoding.EncodeToString([]byte(script))
	_ = maphash.MakeSeed()
}
