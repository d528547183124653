package flotilla.ops.doctor;

import flotilla.ops.report.Report;
import java.util.List;

/** Makes all checks, one after the other, each within a time. */
public final class Doctor {
    private static final List<Row> CHECKS = List.of(
            new Row("Machine", "open files", new OpenFiles()),
            new Row("Machine", "backlog", new Backlog()),
            new Row("Machine", "local ports", new LocalPorts()),
            new Row("Machine", "TCP buffers", new TcpBuffers()),
            new Row("Machine", "memory", new Memory()),
            new Row("Machine", "clock", new Clock()),
            new Row("Server", "secrets", new Secrets()),
            new Row("Server", "certificates", new Certificates()),
            new Row("Server", "names", new Names()),
            new Row("Server", "database", new DatabaseCheck()),
            new Row("Server", "storage", new MountedStorage()),
            new Row("Server", "stores", new StoreCheck()),
            new Row("Server", "scanner", new ScannerCheck()),
            new Row("Server", "homes", new PlacesCheck()),
            new Row("Network", "own ports", new OwnPorts()),
            new Row("Network", "other nodes", new ClusterPorts()),
            new Row("Network", "clocks", new NodeClocks()),
            new Row("Network", "from outside", new OutsidePorts()));

    private record Row(String section, String what, Check check) {}

    private Doctor() {}

    /** Looks at everything, and reports it. */
    public static void run(Patient patient, Report report) {
        for (Row row : CHECKS) {
            report.section(row.section());
            for (Outcome outcome : looked(row, patient)) {
                report.add(outcome.level(), row.what(), outcome.text(), outcome.remedy());
            }
        }
    }

    private static List<Outcome> looked(Row row, Patient patient) {
        return Patience.of(() -> row.check().look(patient), List::of);
    }
}
