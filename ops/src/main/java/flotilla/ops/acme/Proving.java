package flotilla.ops.acme;

import flotilla.ops.config.AcmeSettings;
import java.util.ArrayList;
import java.util.List;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.challenge.Dns01Challenge;
import org.shredzone.acme4j.challenge.Http01Challenge;
import org.shredzone.acme4j.challenge.TlsAlpn01Challenge;

/** The proof of names to the authority: answers that all nodes give, or records in the DNS. */
final class Proving {
    private final AcmeSettings.Proof proof;
    private final AcmeStore store;
    private final PendingChallenges pending = new PendingChallenges();
    private final List<Challenge> challenges = new ArrayList<>();
    private final List<DnsCommand.Entry> entries = new ArrayList<>();

    Proving(AcmeSettings.Proof proof, AcmeStore store) {
        this.proof = proof;
        this.store = store;
    }

    /** Adds a name to prove. */
    void add(Authorization authorization) throws AcmeProblem {
        String name = authorization.getIdentifier().getDomain();
        switch (proof.challenge()) {
            case TLS_ALPN -> {
                TlsAlpn01Challenge challenge = find(authorization, TlsAlpn01Challenge.class, name);
                pending.alpn(name, challenge.getAcmeValidation());
            }
            case HTTP -> {
                Http01Challenge challenge = find(authorization, Http01Challenge.class, name);
                pending.http(challenge.getToken(), challenge.getAuthorization());
            }
            case DNS -> {
                Dns01Challenge challenge = find(authorization, Dns01Challenge.class, name);
                entries.add(new DnsCommand.Entry("_acme-challenge." + name, challenge.getDigest()));
            }
        }
    }

    private <C extends Challenge> C find(Authorization authorization, Class<C> kind, String name) throws AcmeProblem {
        C challenge = authorization
                .findChallenge(kind)
                .orElseThrow(
                        () -> new AcmeProblem("the authority offers no challenge of the configured kind for " + name));
        challenges.add(challenge);
        return challenge;
    }

    /** Makes the answers ready on all nodes, and returns the challenges. When this returns, the authority may look. */
    List<Challenge> ready() throws AcmeProblem, InterruptedException {
        if (!pending.text().isEmpty()) {
            store.put(AcmeStore.CHALLENGES, pending.text());
        }
        for (DnsCommand.Entry entry : entries) {
            dns().add(entry);
        }
        return List.copyOf(challenges);
    }

    private DnsCommand dns() {
        return new DnsCommand(proof.dnsCommand().orElseThrow(), proof.dnsTimeout());
    }

    /** Takes the answers back. What cannot be taken back is logged, and harms nobody. */
    void takeBack() throws InterruptedException {
        if (!pending.text().isEmpty()) {
            try {
                store.put(AcmeStore.CHALLENGES, "");
            } catch (AcmeProblem harmless) {
                DnsCommand.LOG.debug("answers to challenges stay: {}", harmless.text());
            }
        }
        for (DnsCommand.Entry entry : entries) {
            dns().remove(entry);
        }
    }
}
