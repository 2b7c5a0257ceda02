package typecheck

import (
	"strings"

	"github.com/tekwright/tekwright/internal/shape"
	"github.com/tekwright/tekwright/internal/yamlread"
)

// sopsKey is the key at the top level that SOPS adds to a file when it encrypts it, and
// removes when it decrypts it.
const sopsKey = "sops"

// IsSops reports whether SOPS has encrypted the document. What is applied to a cluster is
// the decrypted one.
func IsSops(root *yamlread.Node) bool {
	s := root.Get(sopsKey)
	return s != nil && s.Kind == yamlread.Map && (s.Get("mac") != nil || s.Get("lastmodified") != nil)
}

// IsEncrypted reports whether a value of a document is one that SOPS has encrypted.
func IsEncrypted(n *yamlread.Node) bool {
	return n != nil && n.Kind == yamlread.String && strings.HasPrefix(n.Text, "ENC[") && strings.HasSuffix(n.Text, "]")
}

// encrypted replaces an encrypted value, which may have any type, by one of its shape.
// Nothing is known of it.
func (c *checker) encrypted(slot **yamlread.Node, s *shape.Type) {
	switch s.Class {
	case shape.Text:
		c.Lost = append(c.Lost, c.here())
	case shape.Bytes:
		c.Lost = append(c.Lost, c.here())
		*slot = &yamlread.Node{Mark: (*slot).Mark, Kind: yamlread.String}
	default:
		c.lose(slot)
	}
}
