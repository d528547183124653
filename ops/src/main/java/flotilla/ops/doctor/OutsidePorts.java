package flotilla.ops.doctor;

import flotilla.ops.client.AdminClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The ports at the address that clients dial. Passive ports are always open while the server runs. */
final class OutsidePorts implements Check {
    @Override
    public List<Outcome> look(Patient patient) {
        if (patient.from().isEmpty()) {
            return List.of();
        }
        String host = patient.from().get();
        if (AdminClient.forCommands(patient.configuration().dataDir()).isEmpty()) {
            return List.of(
                    Outcome.warn("Not tried at " + host + ": no server runs here.", "Start it, and look again."));
        }
        List<Outcome> found = new ArrayList<>();
        for (int port : OwnPorts.some(
                patient.configuration().node().control().listeners(),
                patient.configuration().node().data().ports())) {
            Optional<String> trouble = Dial.trouble(host, port, patient.timeout());
            found.add(
                    trouble.isEmpty()
                            ? Outcome.ok(host + " answers at port " + port + ".")
                            : Outcome.fail(
                                    host + ", port " + port + ": " + trouble.get() + ".",
                                    "Open or forward it in the firewall and NAT. Some NATs only lack the way from"
                                            + " inside: try flotilla probe from a client's network."));
        }
        return found;
    }
}
