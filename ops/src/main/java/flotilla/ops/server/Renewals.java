package flotilla.ops.server;

import flotilla.ops.acme.Acme;
import flotilla.ops.admin.ControlPlane.Renewal;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Shows operators the certificate from an authority. */
record Renewals(Acme acme) implements Renewal {
    @Override
    public CompletionStage<Map<String, String>> status() {
        return acme.status();
    }

    @Override
    public void begin() {
        acme.renew();
    }
}
