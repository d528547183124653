package flotilla.node.overview;

import flotilla.node.overview.OverviewMessage.ConfigurationView;
import java.util.Optional;

/** The configuration of a node, as its overview reports it. The methods may block. */
public interface NodeConfiguration {
    /** The values in force. */
    ConfigurationView view();

    /**
     * Why this node would not take a value for all nodes; empty when it would.
     *
     * @param key full name of a key
     * @param value as the command line gives it
     * @param by the operator
     */
    Optional<String> refusal(String key, String value, String by);

    /** Why this node could not go on without the value that a key has for all nodes; empty when it could. */
    Optional<String> refusalToUnset(String key);
}
