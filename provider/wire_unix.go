//go:build unix

package provider

import (
	"net"
	"syscall"
)

// quietWire says whether there is nothing to be read, not even the end. It looks
// without waiting: the descriptors of Go's connections do not block.
func quietWire(c net.Conn) bool {
	wire, ok := c.(syscall.Conn)
	if !ok {
		return true
	}
	raw, err := wire.SyscallConn()
	if err != nil {
		return false
	}
	quiet := false
	err = raw.Read(func(fd uintptr) bool {
		var b [1]byte
		_, err := syscall.Read(int(fd), b[:]) // what it takes is missed by nobody: the connection is given up
		quiet = err == syscall.EAGAIN
		return true
	})
	return quiet && err == nil
}
