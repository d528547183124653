package flotilla.node;

import flotilla.node.NodeSettings.DrainSettings;
import flotilla.node.NodeSettings.ListingSettings;
import flotilla.node.access.ListProblem;
import flotilla.node.auth.AnonymousSettings;
import flotilla.node.auth.LoginSettings;
import flotilla.node.control.ControlSettings;
import flotilla.node.data.DataSettings;
import flotilla.node.scan.ScanSettings;
import flotilla.node.session.AnnouncedAddress;
import flotilla.node.session.SessionSettings;
import flotilla.node.tls.CertificateProblem;
import flotilla.node.tls.TlsEngines;
import java.util.function.Consumer;

/**
 * The settings of a node that are in force. Most parts of the node ask for them each time. The parts that keep something
 * made of them are told of a change here.
 */
final class SettingsInForce {
    private volatile NodeSettings now;

    /**
     * The parts that are told.
     *
     * @param accountChanged ends or renews the sessions of a user
     */
    record Told(TlsEngines tls, NodeLists lists, AnnouncedAddress announced, Consumer<String> accountChanged) {}

    SettingsInForce(NodeSettings first) {
        this.now = first;
    }

    NodeSettings get() {
        return now;
    }

    ControlSettings control() {
        return now.control();
    }

    DataSettings data() {
        return now.data();
    }

    SessionSettings session() {
        return now.session();
    }

    LoginSettings login() {
        return now.login();
    }

    ListingSettings listings() {
        return now.listings();
    }

    ScanSettings scan() {
        return now.scan();
    }

    DrainSettings drain() {
        return now.drain();
    }

    /**
     * Puts other settings in force. Blocks.
     *
     * @throws CertificateProblem when a certificate or an offer of TLS cannot be used; all stays as it was
     * @throws ListProblem when a list cannot be used; all stays as it was
     */
    synchronized void change(NodeSettings next, Told told) throws CertificateProblem, ListProblem {
        NodeSettings before = now;
        told.lists().use(next);
        try {
            told.tls().use(next.tls());
        } catch (CertificateProblem problem) {
            told.lists().use(before);
            throw problem;
        }
        told.announced().use(next.session().passiveAddress());
        now = next;
        if (!before.login().anonymous().equals(next.login().anonymous())) {
            AnonymousSettings.NAMES.forEach(told.accountChanged());
        }
    }
}
