package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/seed-438792ba/cascade/client"
)

const (
	serverVariable    = "CASCADE_SERVER"
	tokenVariable     = "CASCADE_TOKEN"
	tokenFileVariable = "CASCADE_TOKEN_FILE"
	defaultServer     = "http://127.0.0.1:8080"

	// remotePatience is how long a command tries to reach its server: somebody waits.
	remotePatience = 5 * time.Second
	mostToken      = 4 << 10 // bytes of a file that holds a token
)

// remote is how a command finds its server.
type remote struct {
	program           *program
	server, tokenFile string
}

// remoteFlags adds --server and --token-file to a command.
func remoteFlags(p *program, cmd *cobra.Command) *remote {
	r := &remote{program: p}
	cmd.Flags().StringVar(&r.server, "server", "", "the server's `ADDRESS` (default $"+serverVariable+", or "+defaultServer+")")
	cmd.Flags().StringVar(&r.tokenFile, "token-file", "", "a `FILE` that holds the token, - for stdin (default $"+tokenVariable+" itself, or the file $"+tokenFileVariable+")")
	return r
}

// client makes the client of the server that the flags or the environment name.
func (r *remote) client() (*client.Client, error) {
	server, _ := r.program.env(serverVariable)
	token, err := r.token()
	if err != nil {
		return nil, misuse(fmt.Errorf("read the token: %w", err))
	}
	c, err := client.New(client.Options{Server: cmp.Or(r.server, server, defaultServer), Token: token, Patience: remotePatience})
	if err != nil {
		return nil, misuse(fmt.Errorf("%w. Name it with --server or $%s", err, serverVariable))
	}
	return c, nil
}

// token is that of the flag's file, else of the environment, else of the environment's
// file; "" where none is named.
func (r *remote) token() (string, error) {
	token, _ := r.program.env(tokenVariable)
	file, _ := r.program.env(tokenFileVariable)
	switch {
	case r.tokenFile != "":
		return r.program.readToken(r.tokenFile)
	case token != "":
		return checkToken(token, "$"+tokenVariable)
	case file != "":
		return r.program.readToken(file)
	}
	return "", nil
}

func (p *program) readToken(path string) (string, error) {
	f, err := p.open(path, "the token")
	if err != nil {
		return "", err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, mostToken))
	if err != nil {
		return "", err
	}
	return checkToken(string(text), path)
}

func checkToken(text, from string) (string, error) {
	token := strings.TrimSpace(text)
	if token == "" || strings.ContainsFunc(token, func(c rune) bool { return c <= ' ' || c > '~' }) {
		return "", fmt.Errorf("%s must hold one token and nothing else", from)
	}
	return token, nil
}

// explained says how to mend what a call to a server met.
func explained(err error) error {
	var p *client.Problem
	var unreached *url.Error
	switch {
	case errors.As(err, &p) && problemCode(p) == exitUnauthorised:
		return fmt.Errorf("%w. Give a token of the needed role: in a file by --token-file or $%s, or itself in $%s", err, tokenFileVariable, tokenVariable)
	case errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &unreached) && p == nil:
		return &exitError{exitLater, fmt.Errorf("the server cannot be reached: %w. Start one with cascade serve, or name another with --server or $%s", err, serverVariable)}
	}
	return err
}

// asking is a command that makes one call and prints its answer.
func asking[T any](p *program, use, short string, args cobra.PositionalArgs,
	ask func(context.Context, *client.Client, []string) (T, error), text func(io.Writer, T)) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short, Args: args}
	from, output := remoteFlags(p, cmd), outputFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		c, err := from.client()
		if err != nil {
			return err
		}
		answer, err := ask(cmd.Context(), c, args)
		if err != nil && exitCode(err) != exitUnclean {
			return explained(err)
		}
		return errors.Join(p.print(*output, answer, func(w io.Writer) { text(w, answer) }), err)
	}
	return cmd
}

// fetching is a command that copies what it is answered to stdout.
func fetching(p *program, use, short string, args cobra.PositionalArgs, fetch func(context.Context, *client.Client, []string, io.Writer) error) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short, Args: args}
	from := remoteFlags(p, cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		c, err := from.client()
		if err != nil {
			return err
		}
		return explained(fetch(cmd.Context(), c, args, p.out))
	}
	return cmd
}

// reasonFlag adds --reason to a command that changes something.
func reasonFlag(cmd *cobra.Command, into *string) {
	cmd.Flags().StringVar(into, "reason", "", "why, for those who read the journal (cascade audit)")
}
