using System.Security.Cryptography;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Client.Connection;

/// <summary>
/// Makes correlation ids: 24 random bytes each (C-092), because an id is the nonce of its command's authenticator
/// and the router derives client-chosen sender ids from it. Bytes are drawn for many ids at once: a draw costs
/// several times what the rest of an id does.
/// </summary>
internal sealed class CorrelationIds
{
    private readonly Lock _gate = new();
    private readonly byte[] _drawn = new byte[ClientLimits.CorrelationIdsPerDraw * ClientLimits.CorrelationIdBytes];
    private int _next;

    public CorrelationIds() => _next = _drawn.Length;

    /// <summary>A fresh id.</summary>
    public EntityId Next()
    {
        lock (_gate)
        {
            if (_next == _drawn.Length)
            {
                RandomNumberGenerator.Fill(_drawn);
                _next = 0;
            }

            var id = new EntityId(_drawn.AsSpan(_next, ClientLimits.CorrelationIdBytes));
            _next += ClientLimits.CorrelationIdBytes;
            return id;
        }
    }
}
