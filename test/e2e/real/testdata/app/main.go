// Command demo answers every request with its version.
package main

import (
	"fmt"
	"net"
	"os"
)

const version = "one"

func main() {
	listener, err := net.Listen("tcp", ":8080")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for {
		c, err := listener.Accept()
		if err != nil {
			continue
		}
		go serve(c)
	}
}

func serve(c net.Conn) {
	defer c.Close()
	request := make([]byte, 4096)
	if _, err := c.Read(request); err != nil {
		return
	}
	fmt.Fprint(c, answer())
}

// answer is a whole HTTP response: package net alone is built much faster than
// net/http is.
func answer() string {
	return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", len(version), version)
}
