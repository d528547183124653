package flotilla.node.auth;

import java.net.InetAddress;

/**
 * A client that wants to log in.
 *
 * @param user name as USER gave it, at most as long as a command line; any text without control characters
 * @param password as PASS gave it; empty when only a client certificate was shown
 * @param address of the client; of the header, when a balancer sends a PROXY header
 * @param tls whether the control connection is encrypted
 * @param certificate SHA-256 of the client's certificate in small hexadecimal digits; empty for none. Its chain is verified.
 * @param certificateSubject subject of that certificate (RFC 2253); empty for none
 */
public record Attempt(
        String user,
        Secret password,
        InetAddress address,
        boolean tls,
        String certificate,
        String certificateSubject) {}
