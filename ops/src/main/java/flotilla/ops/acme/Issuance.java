package flotilla.ops.acme;

import flotilla.node.tls.CertificateMaker;
import flotilla.node.tls.CertificateMaker.Requested;
import flotilla.node.tls.CertificateProblem;
import flotilla.node.tls.CertificateWish;
import flotilla.node.tls.KeyMaterial;
import flotilla.ops.config.AcmeSettings;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.exception.AcmeServerException;

/** Orders a certificate (RFC 8555, section 7). Blocks for minutes, at most as long as its waits together. */
final class Issuance {
    private static final Duration VALIDATION = Duration.ofMinutes(5);
    private static final Duration COMPLETION = Duration.ofMinutes(5);
    /** Most orders while the authority refuses the nonces of requests, which the library repeats already. */
    private static final int TRIES = 3;

    private static final String BAD_NONCE = "badNonce";

    private final AcmeSettings settings;
    private final AcmeStore store;

    Issuance(AcmeSettings settings, AcmeStore store) {
        this.settings = settings;
        this.store = store;
    }

    /** Gets a certificate with a new key. */
    KeyMaterial order() throws AcmeProblem, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return orderOnce();
            } catch (AcmeServerException e) {
                if (attempt == TRIES || !e.getType().toString().endsWith(BAD_NONCE)) {
                    throw problem(e);
                }
            } catch (AcmeException | IOException | GeneralSecurityException | CertificateProblem e) {
                throw problem(e);
            }
        }
    }

    private static AcmeProblem problem(Exception e) {
        if (e instanceof AcmeRateLimitedException limited) {
            return new AcmeProblem("the authority limits requests: " + e.getMessage(), limited.getRetryAfter());
        }
        Throwable cause = e instanceof AcmeServerException || e.getCause() == null ? e : e.getCause();
        return new AcmeProblem(
                e instanceof AcmeServerException
                        ? "the authority refuses: " + e.getMessage()
                        : cause.getMessage() == null ? cause.toString() : cause.getMessage());
    }

    private KeyMaterial orderOnce()
            throws AcmeProblem, AcmeException, IOException, GeneralSecurityException, CertificateProblem,
                    InterruptedException {
        Order order = new Authority(settings, store)
                .login()
                .newOrder()
                .domains(settings.names())
                .create();
        prove(order.getAuthorizations());
        require(order.waitUntilReady(VALIDATION), order);
        Requested request =
                CertificateMaker.request(settings.key(), new CertificateWish("", settings.names(), List.of()));
        order.execute(request.encoded());
        require(order.waitForCompletion(COMPLETION), order);
        return new KeyMaterial(request.key(), order.getCertificate().getCertificateChain());
    }

    private void prove(List<Authorization> authorizations) throws AcmeProblem, AcmeException, InterruptedException {
        Proving proving = new Proving(settings.proof(), store);
        try {
            List<Authorization> open = authorizations.stream()
                    .filter(authorization -> authorization.getStatus() != Status.VALID)
                    .toList();
            for (Authorization authorization : open) {
                proving.add(authorization);
            }
            for (Challenge challenge : proving.ready()) {
                challenge.trigger();
            }
            for (Authorization authorization : open) {
                if (authorization.waitForCompletion(VALIDATION) != Status.VALID) {
                    throw refused(authorization);
                }
            }
        } finally {
            proving.takeBack();
        }
    }

    private static AcmeProblem refused(Authorization authorization) {
        Optional<String> why = authorization.getChallenges().stream()
                .flatMap(challenge -> challenge.getError().stream())
                .map(Problem::toString)
                .findFirst();
        return new AcmeProblem("the authority has no proof of the name "
                + authorization.getIdentifier().getDomain() + ": " + why.orElse("it did not look in time"));
    }

    private static void require(Status status, Order order) throws AcmeProblem {
        if (status != Status.READY && status != Status.VALID) {
            throw new AcmeProblem("the order is " + status + ": "
                    + order.getError().map(Problem::toString).orElse("it took too long"));
        }
    }
}
