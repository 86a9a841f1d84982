package store

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"
)

// CheckAddress says what Connect would find wrong with an address; nil: nothing.
func CheckAddress(address string) error {
	_, err := parseAddress(address)
	return err
}

// addressForm is what the scheme of an address decides.
type addressForm struct {
	port       string // where an address names none
	many       bool   // a list of hosts
	parameters []string
	read       func(o *redis.UniversalOptions, path string, query url.Values) error
}

func addressFormOf(scheme string) (addressForm, bool) {
	switch scheme {
	case "redis", "rediss":
		return addressForm{port: "6379", parameters: []string{"replicas"}, read: readSingle}, true
	case "redis-sentinel":
		return addressForm{port: "26379", many: true, read: readSentinel,
			parameters: []string{"db", "tls", "replicas", "sentinel_username", "sentinel_password"}}, true
	case "redis-cluster":
		return addressForm{port: "6379", many: true, read: readCluster, parameters: []string{"tls", "replicas"}}, true
	}
	return addressForm{}, false
}

// address is what an address says.
type address struct {
	*redis.UniversalOptions
	replicas int // that must have a write before it counts
}

// errUnreadableAddress says no more than this, for a password whose special characters were
// not escaped may turn up in any part of the address.
var errUnreadableAddress = errors.New("host, port or password cannot be read: write the characters / ? # @ : % of a password as %2F %3F %23 %40 %3A %25")

// parseAddress reads the forms that Connect documents. The standard library's parser
// takes no list of hosts, and its errors repeat the address.
func parseAddress(text string) (*address, error) {
	scheme, rest, _ := strings.Cut(text, "://")
	f, known := addressFormOf(scheme)
	if !known {
		return nil, errors.New("unknown form: want redis://, rediss://, redis-sentinel:// or redis-cluster://, as in redis://127.0.0.1:6379/0")
	}
	end := strings.IndexAny(rest+"/", "/?#")
	authority, tail := rest[:end], rest[end:]
	if strings.Contains(tail, "@") {
		return nil, errUnreadableAddress
	}
	o := &address{UniversalOptions: &redis.UniversalOptions{}}
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		var ok bool
		if o.Username, o.Password, ok = parseCredentials(authority[:at]); !ok {
			return nil, errUnreadableAddress
		}
		authority = authority[at+1:]
	}
	var err error
	if o.Addrs, err = parseHosts(authority, f); err != nil {
		return nil, err
	}
	if scheme == "rediss" {
		o.TLSConfig = tlsConfig()
	}
	if err := f.readTail(o, tail); err != nil {
		return nil, err
	}
	return o, nil
}

func parseCredentials(s string) (user, password string, ok bool) {
	user, password, _ = strings.Cut(s, ":")
	user, errUser := url.PathUnescape(user)
	password, errPassword := url.PathUnescape(password)
	return user, password, errUser == nil && errPassword == nil
}

func parseHosts(list string, f addressForm) ([]string, error) {
	var addrs []string
	for host := range strings.SplitSeq(list, ",") {
		addr, ok := hostPort(host, f.port)
		if !ok {
			return nil, errUnreadableAddress
		}
		addrs = append(addrs, addr)
	}
	if len(addrs) > 1 && !f.many {
		return nil, errors.New("one host is wanted here: for several use redis-sentinel:// or redis-cluster://")
	}
	return addrs, nil
}

// hostPort gives a host its port: "[::1]" and "redis.example:6380" are read alike.
func hostPort(s, port string) (addr string, ok bool) {
	host := strings.TrimSuffix(strings.TrimPrefix(s, "["), "]")
	if !strings.Contains(s, ":") || strings.HasSuffix(s, "]") {
		return net.JoinHostPort(host, port), host != ""
	}
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		return "", false
	}
	_, err = strconv.ParseUint(port, 10, 16)
	return s, err == nil && host != ""
}

// readTail reads what follows the hosts.
func (f addressForm) readTail(o *address, tail string) error {
	u, err := url.Parse(tail)
	if err != nil {
		return errUnreadableAddress
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return errUnreadableAddress
	}
	for name := range query {
		if !slices.Contains(f.parameters, name) {
			return fmt.Errorf("unknown parameter %q: this form takes %s", name, strings.Join(f.parameters, ", "))
		}
	}
	if err := f.read(o.UniversalOptions, strings.Trim(u.Path, "/"), query); err != nil {
		return err
	}
	if query.Has("replicas") {
		if o.replicas, err = strconv.Atoi(query.Get("replicas")); err != nil || o.replicas < 0 {
			return errors.New("parameter replicas: want how many must have a write before it counts, as 1")
		}
	}
	if query.Has("tls") {
		on, err := strconv.ParseBool(query.Get("tls"))
		if err != nil {
			return errors.New("parameter tls: want true or false")
		}
		if on {
			o.TLSConfig = tlsConfig()
		}
	}
	return nil
}

func readSingle(o *redis.UniversalOptions, path string, _ url.Values) error {
	return readDB(o, path)
}

func readSentinel(o *redis.UniversalOptions, path string, query url.Values) error {
	if path == "" || strings.Contains(path, "/") {
		return errors.New("want the name of the primary after the hosts, as in redis-sentinel://host1,host2/mymaster?db=0")
	}
	o.MasterName = path
	o.SentinelUsername, o.SentinelPassword = query.Get("sentinel_username"), query.Get("sentinel_password")
	return readDB(o, query.Get("db"))
}

func readCluster(o *redis.UniversalOptions, path string, _ url.Values) error {
	if path != "" && path != "0" {
		return errors.New("a cluster has only database 0: leave it out")
	}
	o.IsClusterMode = true
	return nil
}

func readDB(o *redis.UniversalOptions, s string) error {
	if s == "" {
		return nil
	}
	db, err := strconv.Atoi(s)
	if err != nil || db < 0 {
		return errors.New("the database must be a number, as the 0 in redis://127.0.0.1:6379/0")
	}
	o.DB = db
	return nil
}

// tlsConfig checks the server's certificate against the name by which it was reached.
func tlsConfig() *tls.Config { return &tls.Config{MinVersion: tls.VersionTLS12} }
