namespace SimplexActors.Protocol.Smp;

/// <summary>What a client service is for; the byte of the client hello (S-093).</summary>
public enum ServiceRole : byte
{
    /// <summary><c>M</c>: sends and receives messages for many users.</summary>
    Messaging = (byte)'M',

    /// <summary><c>N</c>: a notification router.</summary>
    Notifier = (byte)'N',

    /// <summary><c>P</c>: a proxy.</summary>
    Proxy = (byte)'P',
}
