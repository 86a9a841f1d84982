package provider

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
)

var (
	errBadRequest = errors.New("no address, or a header that cannot be written")
	errUnasked    = &wireError{word: "connection closed"}
	errTooLong    = &wireError{word: "answer too long"}
)

// wireError shows a word only: what lies beneath may quote an address or an answer.
type wireError struct {
	word  string
	cause error
}

func (e *wireError) Error() string { return e.word }
func (e *wireError) Unwrap() error { return e.cause }

// fault names what went wrong on the wire, and whether the provider or the way to it
// is to blame; a caller who cancels is to blame himself.
func fault(ctx context.Context, err error) (error, bool) {
	if ended := ctx.Err(); ended != nil {
		err = ended // whatever the transport made of it
	}
	if we := (*wireError)(nil); errors.As(err, &we) {
		return we, true
	}
	return &wireError{word: faultWord(err), cause: err}, !errors.Is(err, context.Canceled)
}

func faultWord(err error) string {
	var dns *net.DNSError
	var netErr net.Error
	switch {
	case errors.Is(err, context.Canceled):
		return "cancelled"
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return "timeout"
	case errors.As(err, &dns):
		return "host not found"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "connection reset"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "connection closed"
	case errors.As(err, &netErr) && netErr.Timeout():
		return "timeout"
	}
	return "connection failed"
}
