namespace SimplexActors.Nodes.Configuration;

/// <summary>The control port, for the operator's programs on this machine (section 12 of the operations).</summary>
/// <param name="Port">TCP port on 127.0.0.1; 0: there is none.</param>
/// <param name="AdminPassword">Lets a session do everything; null: none can.</param>
/// <param name="UserPassword">Lets a session look and block; null: none can.</param>
/// <param name="DailyBlockQueueQuota">Active queues that may be blocked in one day; 0: no limit, -1: none.</param>
internal sealed record ControlConfig(int Port, string? AdminPassword, string? UserPassword, int DailyBlockQueueQuota)
{
    internal static ControlConfig Read(ConfigReader reader, IReadOnlyList<int> smpPorts)
    {
        var config = new ControlConfig(
            reader.Integer("control.port", 0, 0, ushort.MaxValue),
            reader.Secret("control.admin_password", ValueParsers.Password),
            reader.Secret("control.user_password", ValueParsers.Password),
            reader.Integer("control.daily_block_queue_quota", 20, -1, 1_000_000));
        if (config.AdminPassword is not null && config.AdminPassword == config.UserPassword)
        {
            reader.Report("control.admin_password and control.user_password must differ");
        }

        if (config.Port != 0 && smpPorts.Contains(config.Port))
        {
            reader.Report($"control.port = {config.Port}: must not be one of smp.ports");
        }

        return config;
    }
}
