// Package fix applies the fixes of findings to texts in memory, and checks that each one
// resolves its finding and brings no other.
package fix
