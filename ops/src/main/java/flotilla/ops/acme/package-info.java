/** Gets the certificate of the cluster from an authority (ACME, RFC 8555). The only package that knows the library for that. */
@NullMarked
package flotilla.ops.acme;

import org.jspecify.annotations.NullMarked;
