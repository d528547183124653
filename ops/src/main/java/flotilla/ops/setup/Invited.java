package flotilla.ops.setup;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** A node that fetches its files from the node that invited it. */
final class Invited {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int PATIENCE_MILLIS = 15_000;
    private static final int LARGEST = 1 << 20;

    private final InvitationToken token;
    private final SSLContext trust;

    Invited(InvitationToken token) throws GeneralSecurityException {
        this.token = token;
        this.trust = SSLContext.getInstance("TLS");
        trust.init(null, new TrustManager[] {new Pinned(token.fingerprint())}, new SecureRandom());
    }

    /**
     * Fetches the files.
     *
     * @return texts of files by name
     * @throws IOException with a message for people
     */
    Map<String, String> fetch() throws IOException {
        HttpsURLConnection connection = post(Invitation.JOIN);
        if (connection.getResponseCode() != HttpsURLConnection.HTTP_OK) {
            throw refused(connection.getResponseCode());
        }
        try (InputStream in = connection.getInputStream()) {
            byte[] body = in.readNBytes(LARGEST + 1);
            if (body.length > LARGEST) {
                throw new IOException("the answer is too long");
            }
            return MAPPER.readValue(body, new TypeReference<Map<String, String>>() {});
        }
    }

    /** Says that the files are in place. The token is void from now on. */
    void confirm() throws IOException {
        int code = post(Invitation.JOINED).getResponseCode();
        if (code != HttpsURLConnection.HTTP_NO_CONTENT) {
            throw refused(code);
        }
    }

    private static IOException refused(int code) {
        return new IOException(
                code == HttpsURLConnection.HTTP_FORBIDDEN
                        ? "the token was used, or belongs to another invitation: flotilla invite makes a new one"
                        : "the invitation answers " + code);
    }

    private HttpsURLConnection post(String path) throws IOException {
        String host = token.host().contains(":") ? "[" + token.host() + "]" : token.host();
        HttpsURLConnection connection = (HttpsURLConnection) URI.create("https://" + host + ":" + token.port() + path)
                .toURL()
                .openConnection();
        connection.setSSLSocketFactory(trust.getSocketFactory());
        connection.setHostnameVerifier((name, session) -> true); // the certificate itself is pinned
        connection.setConnectTimeout(PATIENCE_MILLIS);
        connection.setReadTimeout(PATIENCE_MILLIS);
        connection.setInstanceFollowRedirects(false);
        connection.setRequestMethod("POST");
        connection.setRequestProperty(Invitation.SECRET, HexFormat.of().formatHex(token.secret()));
        connection.setDoOutput(true);
        connection.getOutputStream().close();
        return connection;
    }

    /** Trusts one certificate, by its fingerprint. */
    private record Pinned(byte[] fingerprint) implements X509TrustManager {
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            try {
                byte[] seen = MessageDigest.getInstance("SHA-256").digest(chain[0].getEncoded());
                if (!MessageDigest.isEqual(seen, fingerprint)) {
                    throw new CertificateException("another machine answers there than the one that made the token");
                }
            } catch (NoSuchAlgorithmException e) {
                throw new CertificateException(e);
            }
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("no clients here");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
