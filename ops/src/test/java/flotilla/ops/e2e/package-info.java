/** The server from outside: a process, sockets, and bytes on the wire. */
package flotilla.ops.e2e;
