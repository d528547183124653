package flotilla.ops.balancer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes manifests for Kubernetes: a StatefulSet whose pods find each other, and a Service with every port. */
public final class KubernetesManifest {
    private static final Duration LEAVING = Duration.ofSeconds(60);

    private KubernetesManifest() {}

    /**
     * Returns manifests for {@code kubectl apply -f -}.
     *
     * @param replicas number of pods
     * @param clusterPort port of Pekko remoting
     * @param hazelcastPort port of Hazelcast
     */
    public static String of(Site site, String image, int replicas, int clusterPort, int hazelcastPort) {
        String text = TEMPLATE.replace("@IMAGE@", image)
                .replace("@REPLICAS@", String.valueOf(replicas))
                .replace("@CLUSTER@", String.valueOf(clusterPort))
                .replace("@HAZELCAST@", String.valueOf(hazelcastPort))
                .replace("@ADMIN_POLICY@", site.admin().tls() ? ADMIN_FOR_ALL : ADMIN_FOR_FEW)
                .replace("@ADMIN_CLEAR@", site.admin().tls() ? "" : ADMIN_CLEAR)
                .replace("@ADMIN@", String.valueOf(site.admin().port()))
                .replace("@SCHEME@", site.admin().tls() ? "HTTPS" : "HTTP")
                .replace(
                        "@GRACE@",
                        String.valueOf(site.lbDelay()
                                .plus(site.drainTransfers())
                                .plus(LEAVING)
                                .toSeconds()))
                .replace("@SERVICE_PORTS@", each(site, "    - { name: p%1$d, port: %1$d, targetPort: %1$d }\n"))
                .replace("@POLICY_PORTS@", each(site, "        - { port: %d }\n"));
        return site.vip().isEmpty()
                ? text.replace("@VIP@", "")
                : text.replace("@VIP@", "  loadBalancerIP: " + site.vip() + "\n");
    }

    private static String each(Site site, String line) {
        List<Integer> ports = new ArrayList<>(site.control());
        ports.addAll(site.passive());
        StringBuilder text = new StringBuilder();
        for (int port : ports) {
            text.append(String.format(Locale.ROOT, line, port));
        }
        return text.toString();
    }

    private static final String ADMIN_FOR_ALL = """
            - ports:
                - { port: @ADMIN@ }
            """.indent(4);

    /** The kubelet can always reach the pods of its own machine. */
    private static final String ADMIN_FOR_FEW = """
            # The admin API has no TLS (flotilla.admin.tls.certificate), so it is for the kubelet's probes and for pods of this namespace
            # with this label (metrics). Tokens: use them inside a pod (kubectl exec), or through kubectl port-forward.
            # This needs a network plugin that enforces policies; with any other, give the API a certificate.
            - from: [{ podSelector: { matchLabels: { flotilla-admin: allowed } } }]
              ports:
                - { port: @ADMIN@ }
            """.indent(4);

    private static final String ADMIN_CLEAR = """
            # Probes come to the pod's address. Who else reaches it there is up to the NetworkPolicy above.
            - { name: FLOTILLA_ADMIN_ACCEPT_CLEAR_TEXT, value: "true" }
            """.indent(12);

    private static final String TEMPLATE = """
            # Made by flotilla kubernetes. Needs, in the same namespace: a ConfigMap flotilla (key flotilla.conf), a Secret flotilla-cluster
            # (files named in flotilla.cluster.tls and flotilla.cluster.key-file), and a PersistentVolumeClaim flotilla-files that many pods can
            # write (ReadWriteMany). Any pod takes any connection: no session affinity.
            apiVersion: v1
            kind: Service
            metadata:
              name: flotilla-nodes
              labels: { app: flotilla }
            spec:
              clusterIP: None
              publishNotReadyAddresses: true
              selector: { app: flotilla }
              ports:
                - { name: cluster, port: @CLUSTER@ }
                - { name: hazelcast, port: @HAZELCAST@ }
            ---
            apiVersion: v1
            kind: Service
            metadata:
              name: flotilla
              labels: { app: flotilla }
            spec:
              type: LoadBalancer
            @VIP@  # Local keeps clients' addresses, which leases, limits and bans go by.
              externalTrafficPolicy: Local
              sessionAffinity: None
              selector: { app: flotilla }
              ports:
            @SERVICE_PORTS@---
            apiVersion: policy/v1
            kind: PodDisruptionBudget
            metadata:
              name: flotilla
            spec:
              maxUnavailable: 1
              selector: { matchLabels: { app: flotilla } }
            ---
            # The ports of the cluster are for its members alone.
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata:
              name: flotilla-cluster
            spec:
              podSelector: { matchLabels: { app: flotilla } }
              policyTypes: [Ingress]
              ingress:
                - from: [{ podSelector: { matchLabels: { app: flotilla } } }]
                  ports:
                    - { port: @CLUSTER@ }
                    - { port: @HAZELCAST@ }
                - ports:
            @POLICY_PORTS@@ADMIN_POLICY@---
            apiVersion: apps/v1
            kind: StatefulSet
            metadata:
              name: flotilla
            spec:
              serviceName: flotilla-nodes
              replicas: @REPLICAS@
              podManagementPolicy: Parallel
              selector: { matchLabels: { app: flotilla } }
              template:
                metadata:
                  labels: { app: flotilla }
                spec:
                  # SIGTERM drains: lb-delay, the longest transfer, leaving the cluster.
                  terminationGracePeriodSeconds: @GRACE@
                  securityContext:
                    runAsNonRoot: true
                    runAsUser: 2121
                    runAsGroup: 2121
                    fsGroup: 2121
                    seccompProfile: { type: RuntimeDefault }
                    # Ports below 1024, without a right of root.
                    sysctls: [{ name: net.ipv4.ip_unprivileged_port_start, value: "0" }]
                  initContainers:
                    # Keys that a group may read are refused, and a Secret of another user than root needs its group.
                    - name: keys
                      image: @IMAGE@
                      command: [sh, -c, "install -m 0600 /secret/* /etc/flotilla-cluster/"]
                      securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
                      volumeMounts:
                        - { name: secret, mountPath: /secret }
                        - { name: cluster, mountPath: /etc/flotilla-cluster }
                  containers:
                    - name: flotilla
                      image: @IMAGE@
                      args: [serve, --config, /etc/flotilla/flotilla.conf]
                      securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
                      env:
                        - name: FLOTILLA_NODE_NAME
                          valueFrom: { fieldRef: { fieldPath: metadata.name } }
                        - name: FLOTILLA_CLUSTER_BIND
                          valueFrom: { fieldRef: { fieldPath: status.podIP } }
                        - { name: FLOTILLA_CLUSTER_SEEDS_DNS, value: "flotilla-nodes:@CLUSTER@" }
                        # A look-up that names fewer pods neither forms a cluster nor joins one: the same as replicas, also after scaling down.
                        - { name: FLOTILLA_CLUSTER_SEEDS_AT_LEAST, value: "@REPLICAS@" }
                        - { name: FLOTILLA_CLUSTER_PORT, value: "@CLUSTER@" }
                        - { name: FLOTILLA_CLUSTER_HAZELCAST_PORT, value: "@HAZELCAST@" }
                        - { name: FLOTILLA_LISTENERS_BIND, value: "0.0.0.0" }
                        - { name: FLOTILLA_ADMIN_ENABLED, value: "true" }
                        - { name: FLOTILLA_ADMIN_BIND, value: "0.0.0.0" }
                        - { name: FLOTILLA_ADMIN_PORT, value: "@ADMIN@" }
            @ADMIN_CLEAR@            - { name: FLOTILLA_STORAGE_ROOT, value: /files }
                        - { name: FLOTILLA_DATA_DIR, value: /data }
                      readinessProbe:
                        httpGet: { path: /ready, port: @ADMIN@, scheme: @SCHEME@ }
                        periodSeconds: 1
                        failureThreshold: 2
                      livenessProbe:
                        httpGet: { path: /live, port: @ADMIN@, scheme: @SCHEME@ }
                        periodSeconds: 10
                        failureThreshold: 6
                      startupProbe:
                        httpGet: { path: /live, port: @ADMIN@, scheme: @SCHEME@ }
                        periodSeconds: 2
                        failureThreshold: 90
                      volumeMounts:
                        - { name: config, mountPath: /etc/flotilla }
                        - { name: cluster, mountPath: /etc/flotilla-cluster }
                        - { name: files, mountPath: /files }
                        - { name: data, mountPath: /data }
                        - { name: tmp, mountPath: /tmp }
                  volumes:
                    - { name: config, configMap: { name: flotilla } }
                    - { name: secret, secret: { secretName: flotilla-cluster, defaultMode: 288 } }
                    - { name: cluster, emptyDir: { medium: Memory } }
                    - { name: files, persistentVolumeClaim: { claimName: flotilla-files } }
                    - { name: data, emptyDir: {} }
                    - { name: tmp, emptyDir: {} }
            """;
}
