namespace SimplexActors.Nodes.Configuration;

/// <summary>
/// Everything that an operator can set, validated. <c>hocon/single.conf</c> describes each key to the operator;
/// a test compares its keys and defaults with these.
/// </summary>
internal sealed record RouterConfig(
    IdentityConfig Identity,
    StoreConfig Store,
    SmpConfig Smp,
    QueuesConfig Queues,
    InactiveClientsConfig InactiveClients,
    NamesConfig Names,
    ProxyConfig Proxy,
    LimitsConfig Limits,
    RatesConfig Rates,
    WebConfig Web,
    InformationConfig Information,
    ControlConfig Control,
    ClusterConfig Cluster,
    HealthConfig Health,
    LogConfig Log)
{
    /// <summary>Reads all sections and reports what is wrong with any of them at once.</summary>
    /// <exception cref="ConfigException">A value is not allowed or a key is unknown.</exception>
    public static RouterConfig Read(ConfigReader reader)
    {
        IdentityConfig identity = IdentityConfig.Read(reader);
        StoreConfig store = StoreConfig.Read(reader);
        SmpConfig smp = SmpConfig.Read(reader);
        ControlConfig control = ControlConfig.Read(reader, smp.Ports);
        ClusterConfig cluster = ClusterConfig.Read(reader, store, [.. smp.Ports, control.Port]);
        var config = new RouterConfig(
            identity,
            store,
            smp,
            QueuesConfig.Read(reader),
            InactiveClientsConfig.Read(reader),
            NamesConfig.Read(reader),
            ProxyConfig.Read(reader),
            LimitsConfig.Read(reader),
            RatesConfig.Read(reader),
            WebConfig.Read(reader, smp.Ports),
            InformationConfig.Read(reader),
            control,
            cluster,
            HealthConfig.Read(reader, [.. smp.Ports, control.Port, cluster.LinkPort]),
            LogConfig.Read(reader));
        reader.ThrowOnProblems();
        return config;
    }
}
