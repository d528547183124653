package flotilla.node.tls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;

/** Asks a responder over HTTP (RFC 6960, appendix A). Blocks, for a limited time. */
final class OcspResponder {
    private static final int BUFFER = 8192;

    private OcspResponder() {}

    /** The responder that a certificate names (RFC 5280, section 4.2.2.1); empty for none. */
    static Optional<URI> of(X509Certificate certificate) {
        byte[] extension = certificate.getExtensionValue(Extension.authorityInfoAccess.getId());
        if (extension == null) {
            return Optional.empty();
        }
        try {
            for (AccessDescription access : AuthorityInformationAccess.getInstance(
                            JcaX509ExtensionUtils.parseExtensionValue(extension))
                    .getAccessDescriptions()) {
                GeneralName where = access.getAccessLocation();
                if (access.getAccessMethod().equals(AccessDescription.id_ad_ocsp)
                        && where.getTagNo() == GeneralName.uniformResourceIdentifier) {
                    URI uri = new URI(where.getName().toString());
                    return "http".equals(uri.getScheme()) || "https".equals(uri.getScheme())
                            ? Optional.of(uri)
                            : Optional.empty();
                }
            }
            return Optional.empty();
        } catch (IOException | URISyntaxException | IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /**
     * Sends a request and reads the response. Follows no redirection.
     *
     * @param timer ends the connection when the time is over, whatever the responder sends
     * @throws IOException when the responder does not answer in time, with too many bytes, or not with 200
     */
    static byte[] ask(URI responder, byte[] request, Duration timeout, int maxResponse, ScheduledExecutorService timer)
            throws IOException {
        HttpURLConnection connection = (HttpURLConnection) responder.toURL().openConnection();
        AtomicBoolean late = new AtomicBoolean();
        Future<?> overdue = timer.schedule(
                () -> {
                    late.set(true); // before the read fails by the end of the connection
                    connection.disconnect();
                },
                timeout.toMillis(),
                TimeUnit.MILLISECONDS);
        try {
            connection.setInstanceFollowRedirects(false);
            connection.setConnectTimeout((int) timeout.toMillis());
            connection.setReadTimeout((int) timeout.toMillis());
            connection.setRequestProperty("Content-Type", "application/ocsp-request");
            connection.setDoOutput(true);
            connection.setFixedLengthStreamingMode(request.length);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(request);
            }
            if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                throw new IOException("the answer has the status " + connection.getResponseCode());
            }
            try (InputStream in = connection.getInputStream()) {
                return body(in, maxResponse);
            }
        } catch (IOException e) {
            throw late.get() ? new IOException("the answer takes longer than " + timeout.toMillis() + " ms", e) : e;
        } finally {
            overdue.cancel(false);
            connection.disconnect();
        }
    }

    private static byte[] body(InputStream in, int max) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] buffer = new byte[BUFFER];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            body.write(buffer, 0, read);
            if (body.size() > max) {
                throw new IOException("the answer has more than " + max + " bytes");
            }
        }
        return body.toByteArray();
    }
}
